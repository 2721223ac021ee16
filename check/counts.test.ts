import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { closingLine, countTests } from "./counts.ts";

const VITEST = fileURLToPath(new URL("../node_modules/vitest/vitest.mjs", import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tandem-counts-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs vitest on these files and answers the closing line. */
async function close(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const reporter = ["--reporter=json", "--outputFile.json=report.json"];
  const { promise, resolve } = Promise.withResolvers<boolean>();
  execFile(process.execPath, [VITEST, "run", "--globals", ...reporter], { cwd: folder }, (error) => resolve(!error));
  const passed = await promise;
  return closingLine(countTests(JSON.parse(await readFile(join(folder, "report.json"), "utf8")), passed));
}

it("counts what passed, failed, was skipped, and what could not be loaded", async () => {
  const line = await close({
    "a.test.js": `it("a", () => {}); it("b", () => {}); it("c", () => { throw new Error("c"); });`,
    "b.test.js": `it("a", () => {}); it.skip("b", () => {}); it.todo("c");`,
    "c.test.js": `import "./nowhere.js"; it("a", () => {});`,
  });
  expect(line).toBe("3 passed, 2 failed, 2 skipped");
});

it("says nothing of what was skipped when nothing was", async () => {
  expect(await close({ "a.test.js": `it("a", () => {});` })).toBe("1 passed, 0 failed");
});

it("counts an error after the last test, which no test owns", async () => {
  const late = `it("a", async () => { setImmediate(() => { throw new Error("late"); }); await new Promise(setImmediate); });`;
  expect(await close({ "a.test.js": late })).toBe("1 passed, 1 failed");
});

it("counts a run without tests as failed", async () => {
  expect(await close({})).toBe("0 passed, 1 failed");
});

it.each([undefined, null, "", {}])("counts a missing report as failed (%j)", (report) => {
  expect(countTests(report, true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
