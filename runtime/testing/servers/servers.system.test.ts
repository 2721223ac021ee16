import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { findNatsServer } from "../../../lab/servers/nats-binary.ts";
import { eventually } from "../../../lab/testing/eventually.ts";
import { startTestServers } from "./servers.ts";

const MAIN = fileURLToPath(new URL("../../tests/test-servers-main.ts", import.meta.url));
const natsBinary = inject("servers").natsBinary ?? (await findNatsServer({})).path;
const PATH = `${dirname(natsBinary)}:${process.env["PATH"]}`;

/** Starts servers in a process of its own, with nothing named. */
async function serversOfAProcess() {
  const child = spawn(process.execPath, [MAIN], { env: { PATH }, stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(createInterface(child.stdout), "line");
  const { natsUrl, databaseUrl }: { natsUrl: string; databaseUrl: string } = JSON.parse(line);
  return { child, ports: [natsUrl, databaseUrl].map((url) => Number(new URL(url).port)) };
}

function isOpen(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createConnection(port, "127.0.0.1");
  socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  return promise.finally(() => socket.destroy());
}

async function directoriesOf(pid: number | undefined): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith(`tandem-test-${pid}-`));
}

describe("servers that nobody named", () => {
  it("are started, and stopped with all that they kept", async () => {
    const { child, ports } = await serversOfAProcess();
    for (const port of ports) expect(await isOpen(port)).toBe(true);
    expect(await directoriesOf(child.pid)).toHaveLength(2);
    child.stdin.end();
    expect(await once(child, "exit")).toEqual([0, null]);
    for (const port of ports) expect(await isOpen(port)).toBe(false);
    expect(await directoriesOf(child.pid)).toEqual([]);
  });

  it("end when the process that started them is killed", async () => {
    const { child, ports } = await serversOfAProcess();
    child.kill("SIGKILL");
    await eventually(async () => {
      for (const port of ports) expect(await isOpen(port)).toBe(false);
      expect(await directoriesOf(child.pid)).toEqual([]);
    });
  });

  it("are asked for by name where there is no program for them", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    execFile(process.execPath, [MAIN], { env: { PATH: "/nowhere" } }, (_error, _stdout, stderr) => resolve(stderr));
    expect(await promise).toMatch(/No NATS server: set NATS_URL \(or natsUrl\), or install nats-server/);
  });
});

describe("servers that were named", () => {
  it("are used as they are, and not stopped", async () => {
    const named = { natsUrl: "nats://127.0.0.1:1", databaseUrl: "postgres://127.0.0.1:2/x" };
    const servers = await startTestServers(named);
    expect(servers).toMatchObject(named);
    await servers.stop();
  });
});
