import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { typeErrors } from "./emit/testing/type-errors.ts";
import { writeFiles } from "./emit/testing/write-files.ts";
import { generate, type Generated } from "./generate.ts";

const texts = [
  "*/ globalThis.harmed = true; /*",
  '"; globalThis.harmed = true; "',
  "'; globalThis.harmed = true; '",
  "`${globalThis.harmed = true}`",
  "\n globalThis.harmed = true; //",
  "\u2028globalThis.harmed = true;",
  "$'$&$1",
  "\\",
  "constructor",
  "../../../harmed",
  "</script>",
  "\u202e@deprecated",
];

const shared = { type: "object", properties: { again: { $ref: "#/components/schemas/Shared" } } };

interface Channel {
  readonly messages: readonly { readonly name: string; readonly validate: (value: unknown) => boolean }[];
}

/** One project, with the documents of each text. */
const directory = mkdtempSync(join(import.meta.dirname, ".hostile-"));
const cases = texts.flatMap((text, index) =>
  [document3(text), document2(text)].map((document, version) => ({
    text,
    name: `AsyncAPI ${3 - version}`,
    folder: join(directory, `${index}-${3 - version}`),
    document,
  })),
);
const generated = new Map<string, Generated>();

beforeAll(async () => {
  for (const { folder, document } of cases) {
    const result = await generate("asyncapi.json", JSON.stringify(document));
    generated.set(folder, result);
    writeFiles(folder, result.files);
  }
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("a document of others that means harm", () => {
  it.each(cases)("does none by $text in $name", async ({ text, folder }) => {
    const { files, diagnostics } = generated.get(folder) ?? { files: new Map(), diagnostics: [] };
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    for (const path of files.keys()) expect(path).toMatch(/^[a-z0-9/-]+(\.[a-z]+)*\.(ts|js|json|md|mmd)$/);
    for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (path.endsWith(".ts") && !path.endsWith(".d.ts")) await import(join(folder, path));
    }
    const [file = ""] = readdirSync(join(folder, "channels")).filter((name) => /^[^.]+\.ts$/.test(name));
    const module: Record<string, Channel> = await import(join(folder, "channels", file));
    const [channel] = Object.values(module);
    const message = channel?.messages[0];
    expect(message?.name).toBe(text);
    expect(message?.validate({ [text]: text })).toBe(true);
    expect(message?.validate({ [text]: 1 })).toBe(false);
    expect(globalThis).not.toHaveProperty("harmed");
  });

  it("compiles", () => {
    expect(typeErrors(directory)).toBe("");
  });
});

function schemaOf(text: string): object {
  return {
    type: "object",
    title: text,
    description: text,
    required: [text],
    properties: {
      [text]: { type: "string", pattern: RegExp.escape(text), description: text, default: text, enum: [text] },
      kind: { const: { [text]: [text] } },
      map: { patternProperties: { [RegExp.escape(text)]: { $ref: "#/components/schemas/Shared" } } },
    },
    "x-other": text,
  };
}

function document3(text: string): object {
  const key = text.replaceAll("~", "~0").replaceAll("/", "~1");
  return {
    asyncapi: "3.0.0",
    info: { title: text, version: text, description: text },
    defaultContentType: text,
    channels: {
      [text]: {
        address: text,
        title: text,
        summary: text,
        messages: { [text]: { summary: text, payload: schemaOf(text), headers: schemaOf(text) } },
      },
    },
    operations: { [text]: { action: "send", summary: text, channel: { $ref: encodeURI(`#/channels/${key}`) } } },
    components: { schemas: { Shared: { ...shared, description: text } } },
  };
}

function document2(text: string): object {
  return {
    asyncapi: "2.6.0",
    info: { title: text, version: text, description: text },
    defaultContentType: text,
    channels: {
      made: {
        description: text,
        publish: {
          operationId: text,
          summary: text,
          message: { name: text, title: text, summary: text, payload: schemaOf(text), headers: schemaOf(text) },
        },
      },
    },
    components: { schemas: { Shared: { ...shared, description: text } } },
  };
}
