import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { eventually } from "../lab/testing/eventually.ts";
import { runScript } from "./run-script.ts";

const SCRIPTS = {
  well: "node -e \"console.log('out', ...process.argv.slice(1)); console.error('err')\" --",
  ill: "node -e \"console.log('why'); process.exit(3)\"",
  asks: "node -e \"process.stdin.on('end', () => console.log('nothing to read')).resume()\"",
  waits: "node -e \"fs.writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)\"",
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tandem-script-"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ scripts: SCRIPTS }));
});
afterEach(() => rm(folder, { recursive: true }));

it("keeps what a script prints, and hands it its arguments", async () => {
  const outcome = await runScript("well", { cwd: folder, arguments: ["--x", "a b"], live: false });
  expect(outcome.passed).toBe(true);
  expect(outcome.output.split("\n").toSorted()).toEqual(["", "err", "out --x a b"]);
});

it.each([
  ["ill", "why"],
  ["missing", "missing"],
])("says why %s failed", async (script, reason) => {
  const outcome = await runScript(script, { cwd: folder, arguments: [], live: false });
  expect(outcome.passed).toBe(false);
  expect(outcome.output).toContain(reason);
});

it("gives a script nothing to wait for on its standard input", async () => {
  const outcome = await runScript("asks", { cwd: folder, arguments: [], live: false });
  expect(outcome).toMatchObject({ passed: true, output: "nothing to read\n" });
});

it("ends everything that a script started when it is ended itself", async () => {
  const program = `
    import { runScript } from ${JSON.stringify(import.meta.resolve("./run-script.ts"))};
    await runScript("waits", { cwd: ${JSON.stringify(folder)}, arguments: [], live: false });
  `;
  const gate = spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: "ignore" });
  const pid = await eventually(async () => {
    const written = Number(await readFile(join(folder, "pid"), "utf8"));
    return written > 0 && written;
  });
  gate.kill("SIGTERM");
  expect(await once(gate, "close")).toEqual([null, "SIGTERM"]);
  await eventually(() => !isRunning(pid));
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
