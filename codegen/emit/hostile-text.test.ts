import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Model } from "../model/model.ts";
import { emit } from "./emit.ts";
import { eventOf, maker, modelOf, routeOf } from "./testing/model.ts";
import { typeErrors } from "./testing/type-errors.ts";
import { writeFiles } from "./testing/write-files.ts";

const texts = [
  "*/ globalThis.harmed = true; /*",
  '"; globalThis.harmed = true; "',
  "'; globalThis.harmed = true; '",
  "`${globalThis.harmed = true}`",
  "\n globalThis.harmed = true; //",
  "\u2028globalThis.harmed = true;",
  "$'$&$1",
  "\\",
  "\0",
  "__proto__",
  "constructor",
  "</script>",
  "\u202e@deprecated",
];

/** One project, with a contract for each text. */
const directory = mkdtempSync(join(import.meta.dirname, ".hostile-"));
const folders = texts.map((text, index) => ({ text, folder: join(directory, String(index)) }));

beforeAll(async () => {
  for (const { text, folder } of folders) writeFiles(folder, (await emit(hostileModel(text))).files);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("hostile text", () => {
  it.each(folders)("$text does no harm anywhere, and arrives as it is", async ({ text, folder }) => {
    const { madeV1 }: { madeV1: { subject: string; validate: (value: unknown) => boolean } } = await import(
      join(folder, "events/made/v1.ts")
    );
    const { maker: service }: { maker: { handles: Record<string, { durables: { name: string }[] }> } } = await import(
      join(folder, "services/maker.ts")
    );
    const { make }: { make: { path: string } } = await import(join(folder, "http/make.ts"));
    expect([madeV1.subject, service.handles.made?.durables[0]?.name, make.path]).toEqual([text, text, text]);
    expect(
      madeV1.validate(
        Object.fromEntries([
          [text, text],
          ["kind", text],
          ["shape", Object.fromEntries([[text, text]])],
        ]),
      ),
    ).toBe(true);
    expect(madeV1.validate(Object.fromEntries([[text, 1]]))).toBe(false);
    expect(globalThis).not.toHaveProperty("harmed");
  });

  it("compiles", () => {
    expect(typeErrors(directory)).toBe("");
  });
});

/** A model with one text in every place that takes text. */
function hostileModel(text: string): Model {
  const schema = {
    type: "object",
    title: text,
    description: text,
    required: [text],
    properties: Object.fromEntries([
      [text, { type: "string", description: text, pattern: `^${RegExp.escape(text)}$` }],
      ["kind", { enum: [text, 1], description: text }],
      ["shape", { const: Object.fromEntries([[text, text]]) }],
    ]),
    additionalProperties: false,
  };
  const event = eventOf(
    schema,
    { description: text, type: text, subject: text, sensitive: [text], pointer: `/components/messages/${text}` },
    { summary: text, name: text, stream: text, key: text, pointer: `/channels/${text}` },
  );
  const headers = { typeName: "MakeHeaders", pointer: `/${text}`, schema, examples: [] };
  const [handled] = maker.handles;
  if (handled === undefined) throw new Error("maker handles nothing");
  const durables = [{ name: text, version: 1, deadLetterSubject: text }];
  return modelOf({
    source: `${text}.yaml`,
    title: text,
    version: text,
    events: [event],
    routes: [routeOf(schema, { path: text, summary: text, headers, sensitive: [text] })],
    services: [{ ...maker, handles: [{ ...handled, durables }] }],
  });
}
