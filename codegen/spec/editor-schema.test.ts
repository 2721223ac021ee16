/** The schema for editors: what is committed is what is made, and the server of editors takes it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { editorSchema } from "./editor-schema.ts";
import extensions from "./extensions.schema.json" with { type: "json" };
import { checkExtensions } from "./extensions.ts";
import { Report } from "./report.ts";
import { readSource } from "./source.ts";
import { type Editor, type Position, startEditor } from "./tests/language-server.ts";

const LIMIT_MS = 240_000;
const codegen = join(import.meta.dirname, "..");
const file = join(codegen, "asyncapi.schema.json");
const MODELINE = "# yaml-language-server: $schema=./asyncapi.schema.json\n";

let editor: Editor;
let opened = 0;
beforeAll(async () => {
  editor = await startEditor();
}, LIMIT_MS);
afterAll(() => editor.close());

/** Opens a text beside the schema. Its modeline is put before it. */
async function open(text: string) {
  opened += 1;
  const path = join(codegen, `opened-${opened}.yaml`);
  return { path, diagnostics: await editor.open(path, `${MODELINE}${text}`) };
}

/** Where a mark stands in a text that gets the modeline; the text without it. */
function marked(text: string): { readonly text: string; readonly position: Position } {
  const before = `${MODELINE}${text.slice(0, text.indexOf("|"))}`.split("\n");
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return { text: text.replace("|", ""), position };
}

const HEAD = "asyncapi: 3.0.0\nx-tandem: 1\ninfo: { title: A, version: 1.0.0 }\n";

const NEWER = HEAD.replace("3.0.0", "3.1.0");

/** A schema that names its values. */
interface Enum {
  readonly enum: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
}

function enumsIn(value: unknown): readonly Enum[] {
  if (typeof value !== "object" || value === null) return [];
  const inside = Object.values(value).flatMap(enumsIn);
  return "enum" in value && Array.isArray(value.enum) ? [{ ...value, enum: value.enum }, ...inside] : inside;
}

it("is what is committed", () => {
  const { resolve } = createRequire(import.meta.url);
  const ofVersion = (version: string): Record<string, unknown> =>
    JSON.parse(readFileSync(resolve(`@asyncapi/specs/schemas/${version}-without-$id.json`), "utf8"));
  const asyncApi = { "3.0.0": ofVersion("3.0.0"), "3.1.0": ofVersion("3.1.0") };
  const made = `${JSON.stringify(editorSchema(asyncApi, extensions), undefined, 1)}\n`;
  if (process.env["UPDATE"]) writeFileSync(file, made);
  // The whole text would be a page of difference.
  expect(readFileSync(file, "utf8") === made, "UPDATE=1 npm test -- codegen/spec/editor-schema writes it").toBe(true);
});

describe("an editor", () => {
  it.each([
    ["channels:\n  a:\n    address: a\n    x-|", ["x-event", "x-stream"]],
    ["operations:\n  a:\n    action: send\n    x-|", ["x-consumer", "x-dead-letter", "x-retry", "x-service"]],
    ["operations:\n  a:\n    x-retry:\n      |", ["maxAttempts", "strategy"]],
    ["operations:\n  a:\n    x-retry:\n      strategy:\n        type: |", ["exponential", "fixed"]],
    ["components:\n  messages:\n    a:\n      x-version:\n        state: |", ["current", "draft"]],
    ["servers:\n  a:\n    x-|", ["x-jetstream"]],
    ["x-st|", ["x-streams"]],
    ["channels:\n  a:\n    |", ["address", "messages", "summary"]],
  ])(
    "offers, after %j",
    async (body, wanted) => {
      for (const head of [HEAD, NEWER]) {
        const { text, position } = marked(`${head}${body}`);
        const { path } = await open(text);
        expect(await editor.complete(path, position)).toEqual(expect.arrayContaining(wanted));
      }
    },
    LIMIT_MS,
  );

  it(
    "offers the versions that our extensions are read in",
    async () => {
      const { text, position } = marked("x-tandem: 1\nasyncapi: |\n");
      const { path } = await open(text);
      expect(await editor.complete(path, position)).toEqual(expect.arrayContaining(["3.0.0", "3.1.0"]));
    },
    LIMIT_MS,
  );

  it.each([
    ["operations:\n  a:\n    x-re|try: { maxAttempts: 3 }\n", "What happens when a handler fails"],
    ["operations:\n  a:\n    x-retry: { maxAtt|empts: 3 }\n", "Handler runs in all, the first included"],
    ["channels:\n  a:\n    x-str|eam: ORDERS\n", "The stream that the channel lives in"],
    ["x-streams:\n  ORDERS: { max|Age: P30D, duplicateWindow: PT10M }\n", "How long a message is kept"],
    ["channels:\n  a:\n    addr|ess: a\n", "address"],
    [
      "operations:\n  a:\n    x-consumer: { priority: { policy: pin|ned } }\n",
      "To one instance alone, until it is gone",
    ],
    [
      "components:\n  messages:\n    a:\n      x-version: { number: 1, state: dr|aft }\n",
      "Generated, and not published",
    ],
    ["operations:\n  a:\n    x-retry: { strategy: { type: fix|ed } }\n", "The delay is the same after each attempt"],
  ])(
    "shows what it means: %j",
    async (body, wanted) => {
      for (const head of [HEAD, NEWER]) {
        const { text, position } = marked(`${head}${body}`);
        const { path } = await open(text);
        expect(await editor.hover(path, position)).toContain(wanted);
      }
    },
    LIMIT_MS,
  );

  it("has a sentence for every value that an extension may have", () => {
    const enums = enumsIn(extensions);
    expect(enums.length).toBeGreaterThan(10);
    expect(enums.filter(({ enum: values, enumDescriptions: said }) => said?.length !== values.length)).toEqual([]);
  });

  it.each([
    ["operations:\n  a:\n    x-retry: { maxAttempts: 0 }\n", 6],
    ["operations:\n  a:\n    x-retry: { maxAttemps: 3 }\n", 6],
    ["servers:\n  a:\n    host: a\n    protocol: nats\n    x-jetstream: { replicas: 2 }\n", 8],
    ["x-streams:\n  ORDERS:\n    maxAge: 30 days\n    duplicateWindow: PT10M\n", 6],
    ["channels:\n  a:\n    x-event: { writes: v1 }\n", 6],
  ])(
    "underlines what the generator refuses, in its line: %j",
    async (body, line) => {
      for (const head of [HEAD, NEWER]) {
        const { diagnostics } = await open(`${head}${body}`);
        expect(diagnostics.map(({ range }) => range.start.line)).toContain(line);
      }
      const { source } = readSource("asyncapi.yaml", `${MODELINE}${HEAD}${body}`);
      const report = new Report(source);
      await checkExtensions(source.data, report);
      expect(report.diagnostics.map((diagnostic) => diagnostic.line - 1)).toContain(line);
    },
    LIMIT_MS,
  );

  it.each(["2.6.0", "3.0.1", "4.0.0"])(
    "underlines the version where our extensions are not read: %s",
    async (version) => {
      const { diagnostics } = await open(HEAD.replace("3.0.0", version));
      expect(diagnostics.map(({ range }) => range.start.line)).toEqual([1]);
    },
    LIMIT_MS,
  );

  it(
    "takes in 3.1 what is new there, and underlines it in 3.0",
    async () => {
      const body = "servers: { a: { host: a, protocol: ros2, bindings: { ros2: { rmwImplementation: rmw } } } }\n";
      expect((await open(`${NEWER}${body}`)).diagnostics).toEqual([]);
      expect((await open(`${HEAD}${body}`)).diagnostics).not.toEqual([]);
      expect((await open(`${NEWER}chanels: {}\n`)).diagnostics).not.toEqual([]);
    },
    LIMIT_MS,
  );

  it(
    "has nothing to say of this repository's contract, whose first line names the schema",
    async () => {
      const path = join(codegen, "../asyncapi.yaml");
      const text = readFileSync(path, "utf8");
      expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=./codegen/asyncapi.schema.json");
      expect(await editor.open(path, text)).toEqual([]);
      const newer = text.replace("asyncapi: 3.0.0", "asyncapi: 3.1.0");
      expect(newer).not.toBe(text);
      expect(await editor.open(join(codegen, "../newer.yaml"), newer)).toEqual([]);
    },
    LIMIT_MS,
  );

  const accepted = readdirSync(join(codegen, "testdata"))
    .map((name) => join(codegen, "testdata", name))
    .filter((folder) => existsSync(join(folder, "expected")))
    .map((folder) => [folder.slice(codegen.length), readFileSync(join(folder, "asyncapi.yaml"), "utf8")] as const)
    .filter(([, text]) => /^x-tandem:/m.test(text));

  it.each(accepted)(
    "has nothing to say of %s, which the generator accepts",
    async (_, text) => {
      expect((await open(text)).diagnostics).toEqual([]);
    },
    LIMIT_MS,
  );
});
