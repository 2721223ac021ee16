/** The process of a nats-server: how it is started, and how it says that it is ready. */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "./lab-error.ts";
import { PID_FILES } from "./orphans.ts";
import { logTail, type ServerProcess, startServerProcess } from "./server-process.ts";
import { waitFor } from "./wait.ts";

/** What a nats-server listens on, on the loopback interface. */
export interface NatsPorts {
  readonly client: number;
  readonly monitoring: number;
}

/** The server chooses: nobody can take a port between the choice and its use. */
export const FREE_PORTS: NatsPorts = { client: -1, monitoring: -1 };

const START_MS = 10_000;

/** Starts the program on the store in `directory`. Resolves before it takes connections. */
export async function launchNats(binary: string, directory: string, ports: NatsPorts): Promise<ServerProcess> {
  // A server that was killed did not take its own away.
  for (const file of await portsFiles(directory)) await rm(file);
  const config = ["-c", join(directory, "nats.conf"), "-js", "-sd", join(directory, "store")];
  const addresses = ["-a", "127.0.0.1", "-p", String(ports.client), "-m", String(ports.monitoring)];
  const files = ["-P", join(directory, PID_FILES.nats), "--ports_file_dir", directory];
  return startServerProcess({
    file: binary,
    args: [...config, ...addresses, ...files],
    cwd: directory,
    logFile: logFile(directory),
    env: process.env,
    lastSignal: "SIGKILL",
  });
}

const logFile = (directory: string) => join(directory, "nats-server.log");

/**
 * Resolves with the ports when the server takes connections, which it says by writing them into a file. Rejects with
 * `SERVER_NOT_STARTED` and the end of its log.
 */
export async function portsWhenReady(running: ServerProcess, directory: string): Promise<NatsPorts> {
  const outcome = await waitFor(async () => running.ending ?? (await readPorts(directory)), { deadlineMs: START_MS });
  if (typeof outcome === "object") return outcome;
  const ending = outcome ?? `it was not ready after ${START_MS / 1000} s`;
  const log = await logTail(logFile(directory));
  throw new LabError("SERVER_NOT_STARTED", `nats-server did not start: ${ending}. The end of its log: ${log}`);
}

/** Undefined when there is no such file yet, or only half of it. */
async function readPorts(directory: string): Promise<NatsPorts | undefined> {
  const [file] = await portsFiles(directory);
  const text = file === undefined ? "" : await readFile(file, "utf8").catch(() => "");
  const port = (kind: string) => Number(new RegExp(`"${kind}":\\["\\w+://[^"]+:(\\d+)"`).exec(text)?.[1]);
  const ports = { client: port("nats"), monitoring: port("monitoring") };
  return ports.client > 0 && ports.monitoring > 0 ? ports : undefined;
}

async function portsFiles(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory);
  return names.filter((name) => name.endsWith(".ports")).map((name) => join(directory, name));
}
