/**
 * Each directory of `testdata/` with a `diagnostics.txt` is a contract and what is said of it. UPDATE=1 rewrites the
 * texts, and makes the one of a new directory.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CODEGEN_ERRORS } from "./errors.ts";
import { readIn } from "./emit/testing/read-in.ts";
import { readModel, type Understood } from "./generate.ts";
import { print } from "./print.ts";

const testdata = join(import.meta.dirname, "testdata");
const update = process.env["UPDATE"] === "1";
const cases = readdirSync(testdata).filter((name) => {
  const folder = join(testdata, name);
  return existsSync(join(folder, "diagnostics.txt")) || (update && !existsSync(join(folder, "expected")));
});

/** Codes that the contract alone does not lead to: what is already on the disk does, or what is emitted. */
const ELSEWHERE = new Set(["EVOLUTION_UNASKED", "HANDLER_UNASKED", "OUTPUT_FOREIGN", "OUTPUT_STALE", "TYPE_WIDER"]);

async function diagnosticsOf(name: string): Promise<Understood> {
  const folder = join(testdata, name);
  return await readModel("asyncapi.yaml", readFileSync(join(folder, "asyncapi.yaml"), "utf8"), {
    read: readIn(folder),
  });
}

describe("the diagnostics of a contract", () => {
  it.each(cases)("%s", async (name) => {
    const { texts, diagnostics } = await diagnosticsOf(name);
    const printed = `${print(diagnostics, texts, "text")}\n`;
    const file = join(testdata, name, "diagnostics.txt");
    if (update) writeFileSync(file, printed);
    expect(printed).toBe(readFileSync(file, "utf8"));
    for (const { line, col, endLine, endCol, hint, message } of diagnostics) {
      expect(endLine > line || endCol >= col).toBe(true);
      expect(message).not.toMatch(/\.$/);
      expect(hint).toMatch(/^$|[.?]$/);
    }
  });

  it("have a case for every code", () => {
    const printed = cases.map((name) => readFileSync(join(testdata, name, "diagnostics.txt"), "utf8")).join("\n");
    const untested = Object.keys(CODEGEN_ERRORS).filter(
      (code) => !ELSEWHERE.has(code) && !new RegExp(` (error|warning|note) ${code} `).test(printed),
    );
    expect(untested).toEqual([]);
  });
});
