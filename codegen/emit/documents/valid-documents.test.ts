/** Every document that is emitted for a contract of `testdata/`, and for our own, is what AsyncAPI's parser takes. */
import { Parser } from "@asyncapi/parser";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { generate } from "../../generate.ts";
import { readIn } from "../testing/read-in.ts";

const codegen = join(import.meta.dirname, "..", "..");
const testdata = join(codegen, "testdata");
const accepted = readdirSync(testdata).filter((name) => existsSync(join(testdata, name, "expected")));
const folders = [join(codegen, ".."), ...accepted.map((name) => join(testdata, name))];
const parser = new Parser();

it.each(folders)("%s", async (folder) => {
  const text = readFileSync(join(folder, "asyncapi.yaml"), "utf8");
  const { files } = await generate("asyncapi.yaml", text, { read: readIn(folder) });
  const documents = [...files].filter(([path]) => path.startsWith("asyncapi/"));
  expect(documents.length).toBeGreaterThan(0);
  for (const [path, document] of documents) {
    const { document: parsed, diagnostics } = await parser.parse(document);
    const errors = diagnostics.filter(({ severity }) => `${severity}` === "0");
    expect([path, errors.map(({ code, message, path: at }) => [code, message, at.join("/")])]).toEqual([path, []]);
    expect(parsed?.version()).toBe("3.0.0");
  }
});
