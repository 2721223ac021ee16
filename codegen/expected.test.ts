/**
 * Each directory of `testdata/` with an `expected/` is a contract and everything that is generated from it, with the
 * warnings in `warnings.txt` where there are any. UPDATE=1 rewrites them.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOutput } from "./output/output.ts";
import { readIn } from "./emit/testing/read-in.ts";
import { typeErrors } from "./emit/testing/type-errors.ts";
import { writeFiles } from "./emit/testing/write-files.ts";
import { generate, type Generated } from "./generate.ts";
import { print } from "./print.ts";

const testdata = join(import.meta.dirname, "testdata");
const update = process.env["UPDATE"] === "1";
const cases = readdirSync(testdata).filter((name) => existsSync(join(testdata, name, "expected")));

/** What was generated for each case, compiled as one project. */
const project = mkdtempSync(join(import.meta.dirname, ".expected-"));
const generated = new Map<string, Generated>();
const nothing: Generated = { files: new Map(), diagnostics: [], texts: new Map() };

beforeAll(async () => {
  for (const name of cases) {
    const folder = join(testdata, name);
    const text = readFileSync(join(folder, "asyncapi.yaml"), "utf8");
    const result = await generate("asyncapi.yaml", text, { read: readIn(folder) });
    generated.set(name, result);
    writeFiles(join(project, name), result.files);
  }
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("what is generated from a contract", () => {
  it.each(cases)("%s", async (name) => {
    const { files, diagnostics, texts } = generated.get(name) ?? nothing;
    const folder = join(testdata, name);
    const expected = join(folder, "expected");
    const warnings = join(folder, "warnings.txt");
    const printed = diagnostics.length === 0 ? "" : `${print(diagnostics, texts, "text")}\n`;
    if (update) {
      rmSync(expected, { recursive: true });
      writeFiles(expected, files);
      rmSync(warnings, { force: true });
      if (printed !== "") writeFileSync(warnings, printed);
    }
    expect(printed).toBe(existsSync(warnings) ? readFileSync(warnings, "utf8") : "");
    expect(Object.fromEntries(files)).toEqual(Object.fromEntries(await readOutput(expected)));
  });

  it("compiles, as strictly as this repository is", () => {
    expect(cases.length).toBeGreaterThan(0);
    expect(typeErrors(project)).toBe("");
  });
});
