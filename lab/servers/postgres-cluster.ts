/** PostgreSQL's data directory, and the process that serves it. */
import { chmod, chown, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LabError } from "./lab-error.ts";
import type { PostgresBinaries } from "./postgres-binaries.ts";
import { logTail, type ServerProcess, startServerProcess } from "./server-process.ts";
import type { UserIds } from "./unprivileged-user.ts";
import { waitFor } from "./wait.ts";

/** What one PostgreSQL is made from. */
export interface Cluster {
  readonly binaries: PostgresBinaries;
  /** The lab directory: holds `data/` and the log. */
  readonly directory: string;
  readonly runAs: UserIds | undefined;
  readonly fsync: boolean;
}

const START_MS = 20_000;
const INITDB_LOG = "initdb.log";
const LOG = "postgres.log";
// What the address of a Unix socket may hold on macOS, the final zero not counted; Linux allows 107.
const SOCKET_PATH_BYTES = 103;

// Nothing of the caller's: PGDATA, PGPORT and the like would have their say.
const ENVIRONMENT = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/** Begins to make the data directory: UTF-8, no passwords, the user `postgres`. The process ends when it is made. */
export async function beginData({ binaries, directory, runAs }: Cluster): Promise<ServerProcess> {
  const data = join(directory, "data");
  await mkdir(data, { mode: 0o700 });
  if (runAs !== undefined) {
    await chmod(directory, 0o711);
    await chown(data, runAs.uid, runAs.gid);
  }
  // One locale, the same on every machine, that knows letters beyond ASCII.
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  return startServerProcess({
    file: binaries.initdb,
    args: ["-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--no-instructions", ...locale],
    cwd: directory,
    logFile: join(directory, INITDB_LOG),
    env: ENVIRONMENT,
    lastSignal: "SIGKILL",
    runAs,
  });
}

/** Resolves when the data directory is made; rejects with the end of what initdb said when it is not. */
export async function finishData({ directory, runAs }: Cluster, initdb: ServerProcess): Promise<void> {
  const ending = await waitFor(() => initdb.ending, { deadlineMs: START_MS });
  if (ending === "exit code 0") return;
  await initdb.end("SIGKILL", 0);
  const reason = ending ?? `initdb had not ended after ${START_MS / 1000} s`;
  const log = await logTail(join(directory, INITDB_LOG));
  const hint =
    runAs === undefined
      ? ""
      : ` (It runs as user ${runAs.uid}, who must be able to enter ${directory}; TMPDIR moves it.)`;
  throw new LabError(
    "SERVER_NOT_STARTED",
    `PostgreSQL cannot make its data directory: ${reason}. The end of the log: ${log}${hint}`,
  );
}

/** Begins to serve the data on a port of the loopback interface. */
export async function beginServing(cluster: Cluster, port: number): Promise<ServerProcess> {
  const { binaries, directory, runAs } = cluster;
  const settings = Object.entries(settingsOf(cluster, port)).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return startServerProcess({
    file: binaries.postgres,
    args: ["-D", join(directory, "data"), ...settings],
    cwd: directory,
    logFile: join(directory, LOG),
    env: ENVIRONMENT,
    // Ends at once, and frees the shared memory, which SIGKILL would leave.
    lastSignal: "SIGQUIT",
    runAs,
  });
}

/** Resolves when it takes connections; rejects with the end of its log, and ends it, when it does not. */
export async function finishServing({ directory }: Cluster, running: ServerProcess): Promise<void> {
  const outcome = await waitFor(async () => running.ending ?? (await readiness(directory, running.pid)), {
    deadlineMs: START_MS,
  });
  if (outcome === "ready") return;
  await running.end("SIGQUIT", 1_000);
  const ending = outcome ?? `it was not ready after ${START_MS / 1000} s`;
  const log = await logTail(join(directory, LOG));
  throw new LabError("SERVER_NOT_STARTED", `PostgreSQL did not start: ${ending}. The end of its log: ${log}`);
}

function settingsOf({ directory, fsync }: Cluster, port: number): Readonly<Record<string, string | number>> {
  const socket = join(directory, "data");
  const fits = Buffer.byteLength(join(socket, `.s.PGSQL.${port}`)) <= SOCKET_PATH_BYTES;
  return {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: fits ? socket : "",
    max_connections: 200,
    timezone: "UTC",
    log_timezone: "UTC",
    // Without both, a crash of the machine may ruin the data; a killed process loses nothing.
    ...(fsync ? {} : { fsync: "off", full_page_writes: "off" }),
  };
}

/** PostgreSQL writes its state into the eighth line of its pid file. */
async function readiness(directory: string, pid: number): Promise<"ready" | undefined> {
  const lines = (await readFile(join(directory, "data", "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  return Number(lines[0]) === pid && lines[7]?.trim() === "ready" ? "ready" : undefined;
}
