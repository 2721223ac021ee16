/**
 * Each directory of `testdata/` is a contract, its base, and what the command says of the two: its output, then how it
 * ended. UPDATE=1 rewrites them.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runDiff } from "./command.ts";

const testdata = join(import.meta.dirname, "testdata");
const update = process.env["UPDATE"] === "1";

async function said(cwd: string): Promise<string> {
  let output = "";
  const write = (text: string): void => void (output += text);
  const io = { cwd, stdout: write, stderr: write, command: "codegen diff" };
  const code = await runDiff(["--against", "base.yaml", "--file"], io);
  return `${output}exit ${code}\n`;
}

describe("what is said of two contracts", () => {
  it.each(readdirSync(testdata))("%s", async (name) => {
    const folder = join(testdata, name);
    const file = join(folder, "expected.txt");
    const output = await said(folder);
    if (update) writeFileSync(file, output);
    expect(existsSync(file)).toBe(true);
    expect(output).toBe(readFileSync(file, "utf8"));
    for (const line of output.matchAll(/^asyncapi\.yaml:(\d+):\d+ .*$/gm)) expect(Number(line[1])).toBeGreaterThan(1);
  });
});
