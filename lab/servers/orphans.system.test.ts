import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, inject, it, onTestFinished } from "vitest";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { findNatsServer } from "./nats-binary.ts";
import { sweepOrphans } from "./orphans.ts";
import { commandLineOf } from "./processes.ts";

const PROGRAM = fileURLToPath(new URL("testdata/hold-servers.ts", import.meta.url));

interface Held {
  readonly pids: readonly number[];
  readonly directories: readonly string[];
}

/** Starts both servers in a process of their own, whose temporary directory is `parent`. */
async function holdServers(parent: string) {
  const binary = inject("servers").natsBinary ?? (await findNatsServer()).path;
  const child = spawn(process.execPath, [PROGRAM], {
    env: { ...process.env, TMPDIR: parent, NATS_SERVER_BIN: binary },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGTERM"));
  const ended = new Promise<void>((resolve) => void child.on("exit", () => resolve()));
  const line = await new Promise<string>((said) => child.stdout.setEncoding("utf8").once("data", said));
  return { child, ended, held: JSON.parse(line) as Held };
}

const running = async ({ pids }: Held) =>
  (await Promise.all(pids.map(commandLineOf))).filter((line) => line !== undefined);

it("both servers end with their process, and leave nothing behind", async () => {
  const parent = await scratchDirectory();
  const { child, ended, held } = await holdServers(parent);
  expect(await running(held)).toHaveLength(2);
  child.kill("SIGTERM");
  await ended;
  await expect.poll(() => running(held)).toEqual([]);
  expect(held.directories.filter(existsSync)).toEqual([]);
});

it("what SIGKILL leaves is ended by the next sweep", async () => {
  const parent = await scratchDirectory();
  const { child, ended, held } = await holdServers(parent);
  child.kill("SIGKILL");
  await ended;
  expect(await running(held)).toHaveLength(2);
  expect((await sweepOrphans(parent)).toSorted()).toEqual(held.directories.toSorted());
  expect(await running(held)).toEqual([]);
  expect(held.directories.filter(existsSync)).toEqual([]);
});
