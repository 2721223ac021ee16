import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { sweepOrphans } from "./orphans.ts";
import { startOf } from "./processes.ts";

/** A process that waits, with the text among its arguments. */
async function waitingProcess(argument: string): Promise<{ child: ChildProcess; pid: number; ended: Promise<void> }> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('up')", argument], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise<void>((resolve) => void child.on("exit", () => resolve()));
  onTestFinished(() => void child.kill("SIGKILL"));
  await new Promise((up) => child.stdout?.once("data", up));
  if (child.pid === undefined) throw new Error("the waiting process did not start");
  return { child, pid: child.pid, ended };
}

async function deadPid(): Promise<number> {
  const { child, pid, ended } = await waitingProcess("");
  child.kill("SIGKILL");
  await ended;
  return pid;
}

async function labDirectory(parent: string, owner: object): Promise<string> {
  const directory = join(parent, "tandem-nats-abc123");
  await mkdir(directory);
  await writeFile(join(directory, "owner.pid"), JSON.stringify({ host: hostname(), ...owner }));
  return directory;
}

it("ends a server whose owner is dead, and removes its directory", async () => {
  const parent = await scratchDirectory();
  const directory = await labDirectory(parent, { pid: await deadPid(), startedAt: "1" });
  const server = await waitingProcess(directory);
  await writeFile(join(directory, "nats.pid"), `${server.pid}\n`);
  expect(await sweepOrphans(parent)).toEqual([directory]);
  await server.ended;
  expect(await readdir(parent)).toEqual([]);
});

it("ends a server whose owner's number has become another process's", async () => {
  const parent = await scratchDirectory();
  const directory = await labDirectory(parent, { pid: process.pid, startedAt: "another time" });
  expect(await sweepOrphans(parent)).toEqual([directory]);
});

it("does not touch a process that only has the number of the server", async () => {
  const parent = await scratchDirectory();
  const directory = await labDirectory(parent, { pid: await deadPid(), startedAt: "1" });
  const stranger = await waitingProcess("something else");
  await writeFile(join(directory, "nats.pid"), String(stranger.pid));
  expect(await sweepOrphans(parent)).toEqual([directory]);
  expect(stranger.child.exitCode).toBeNull();
  expect(stranger.child.signalCode).toBeNull();
});

it("leaves a directory whose owner lives, whose owner is of another host, or that names none", async () => {
  const alive = await scratchDirectory();
  await labDirectory(alive, { pid: process.pid, startedAt: await startOf(process.pid) });
  expect(await sweepOrphans(alive)).toEqual([]);

  const foreign = await scratchDirectory();
  await labDirectory(foreign, { pid: await deadPid(), startedAt: "1", host: `not-${hostname()}` });
  expect(await sweepOrphans(foreign)).toEqual([]);

  const nameless = await scratchDirectory();
  await writeFile(join(await labDirectory(nameless, {}), "owner.pid"), "half a fi");
  expect(await sweepOrphans(nameless)).toEqual([]);
  expect(await readdir(nameless)).toEqual(["tandem-nats-abc123"]);
});
