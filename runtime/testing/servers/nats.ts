/** A nats-server of a test system's own. */
import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { TestingError } from "../errors.ts";
import type { TestServer } from "./servers.ts";
import { watchOver } from "./watchdog.ts";

const START_MS = 10_000;
const STOP_MS = 5_000;
const LOG_TAIL = 1_000;

/**
 * Starts the `nats-server` of the PATH on a free port of the loopback interface, with a directory of its own.
 *
 * @throws `SERVER_MISSING` when there is none; `SERVER_FAILED` with the end of its log
 */
export async function startNats(): Promise<TestServer> {
  const directory = await mkdtemp(join(tmpdir(), `tandem-test-${process.pid}-nats-`));
  const log = openSync(join(directory, "nats-server.log"), "a");
  const addresses = ["-a", "127.0.0.1", "-p", "-1"];
  const server = spawn("nats-server", [...addresses, "-js", "-sd", directory, "--ports_file_dir", directory], {
    stdio: ["ignore", log, log],
    detached: true,
  });
  closeSync(log);
  const state: { ending?: string } = {};
  const ended = new Promise<void>((resolve) => {
    server.once("error", (error) => {
      state.ending = error.message;
      resolve();
    });
    server.once("exit", (code, signal) => {
      state.ending = `it ended with ${signal ?? `exit code ${code}`}`;
      resolve();
    });
  });
  const { pid } = server;
  if (pid === undefined) {
    await ended;
    await rm(directory, { recursive: true });
    throw new TestingError(
      "SERVER_MISSING",
      `No NATS server: set NATS_URL (or natsUrl), or install nats-server so that it is in the PATH (${state.ending}).`,
    );
  }
  server.unref();
  const unwatch = watchOver({ pid, signal: "SIGTERM", directory });
  const stop = async (): Promise<void> => {
    server.kill("SIGTERM");
    await Promise.race([ended, pause(STOP_MS, undefined, { ref: false })]);
    server.kill("SIGKILL");
    unwatch();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  };

  for (const deadline = performance.now() + START_MS; state.ending === undefined && performance.now() < deadline;) {
    const port = await readPort(directory);
    if (port !== undefined) return { url: `nats://127.0.0.1:${port}`, stop };
    await pause(10);
  }
  const said = (await readFile(join(directory, "nats-server.log"), "utf8")).slice(-LOG_TAIL);
  const why = state.ending ?? `it was not ready after ${START_MS} ms`;
  await stop();
  throw new TestingError("SERVER_FAILED", `nats-server did not start: ${why}. The end of its log:\n${said}`);
}

/** The server writes the port that it chose into a file, which is there in halves for a moment. */
async function readPort(directory: string): Promise<string | undefined> {
  const name = (await readdir(directory)).find((file) => file.endsWith(".ports"));
  const text = name === undefined ? "" : await readFile(join(directory, name), "utf8");
  return /"nats":\["\w+:\/\/[^"]+:(\d+)"/.exec(text)?.[1];
}
