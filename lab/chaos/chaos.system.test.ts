/** Chaos itself, as a process: one short run, and that nothing of it is left, however it ends. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { childrenOf, commandLineOf } from "../servers/processes.ts";
import { startProcess, type SystemProcess } from "../system/process.ts";
import { eventually } from "../testing/eventually.ts";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import type { Result } from "./result.ts";

vi.setConfig({ testTimeout: 400_000 });

function start(...argv: readonly string[]): SystemProcess {
  return startProcess({ name: "chaos", file: "lab/chaos/main.ts", arguments: argv });
}

/** The processes that a run has started and that still run. */
function startedBy(running: SystemProcess): Promise<readonly number[]> {
  return childrenOf(running.pid);
}

async function untilGone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) await eventually(async () => (await commandLineOf(pid)) === undefined);
}

const ordersAreSent = (line: string): string | undefined => (line.includes("orders a second") ? line : undefined);

it("breaks a system, heals it, and finds that its books balance", async () => {
  const out = join(await scratchDirectory(), "run");
  const running = start("--seed", "1", "--minutes", "0.5", "--rate", "4", "--only", "kill-replica", "--out", out);
  await running.line(ordersAreSent);
  const pids = await startedBy(running);
  // Nodes, database, replicas, steward, gateway, load, keeper.
  expect(pids.length).toBeGreaterThanOrEqual(13);
  const { code } = await running.exited;
  const printed = running.tail().join("\n");
  expect(printed).toMatch(/PASS {2}seed 1, 0\.5 min: lost 0, twice 0/);
  expect(code).toBe(0);
  await untilGone(pids);

  const result: Result = JSON.parse(await readFile(join(out, "verdict.json"), "utf8"));
  expect(result).toMatchObject({ seed: 1, outcome: "PASS", faults: { "kill-replica": 1 } });
  expect(result.figures).toMatchObject({ intended: 120, deadLetters: 0 });
  // Nothing holds because nothing was looked at.
  const looked = result.verdicts.filter(({ checked }) => checked > 0).map(({ invariant, by }) => `${invariant} ${by}`);
  for (const wanted of ["I1 chaos", "I2 chaos", "I3 chaos", "I4 chaos", "I5 tandem", "I7 tandem", "I8 chaos"])
    expect(looked).toContain(wanted);
  expect(await readFile(join(out, "timeline.txt"), "utf8")).toMatch(/kill-replica \(service \w+, replica \d\): /);
});

it("stops everything after Ctrl-C", async () => {
  const running = start("--seed", "1", "--minutes", "5", "--only", "freeze-replica");
  await running.line(ordersAreSent);
  const pids = await startedBy(running);
  process.kill(running.pid, "SIGINT");
  expect((await running.exited).code).toBe(130);
  await untilGone(pids);
});

it("leaves nothing behind when it is killed, what it had frozen included", async () => {
  const running = start("--seed", "1", "--minutes", "5", "--only", "freeze-replica");
  await running.line((line) => (line.includes("stands still") ? line : undefined));
  const pids = await startedBy(running);
  expect(pids.length).toBeGreaterThanOrEqual(13);
  await running.kill();
  await untilGone(pids);
});

it.each([[["--seed", "x"]], [["--only", "typo"]], [["--minutes", "0"]], [["--nothing"]]])(
  "answers 2 to %j, and says what there is",
  async (argv) => {
    const running = start(...argv);
    expect((await running.exited).code).toBe(2);
    expect(running.tail().join("\n")).toContain("Exit codes: 0 PASS; 1 FAIL");
  },
);

it("prints the schedule of a seed, twice the same", async () => {
  const print = async () => {
    const running = start("--seed", "7", "--minutes", "1", "--only", "kill-postgres,slow-link", "--dry-run");
    expect((await running.exited).code).toBe(0);
    return running.tail().join("\n");
  };
  const first = await print();
  expect(first).toMatch(/slow-link/);
  expect(await print()).toBe(first);
});
