/** Ends servers whose process was killed before it could end them. */
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { abandonedLabDirectories, removeLabDirectory } from "./lab-directory.ts";
import { commandLineOf, signalQuietly } from "./processes.ts";
import { waitFor } from "./wait.ts";

/** Where each server itself writes its process id, below its directory. */
export const PID_FILES = { nats: "nats.pid", postgres: join("data", "postmaster.pid") } as const;

/** On SIGQUIT PostgreSQL ends at once and frees its shared memory, which SIGKILL would leave. */
const END_SIGNALS = { nats: "SIGTERM", postgres: "SIGQUIT" } as const;

/**
 * Ends every server of this user in `parent` whose owner is dead, and removes its directory. Returns the
 * directories that are gone. Never rejects: what cannot be ended now is tried again at the next start.
 */
export async function sweepOrphans(parent: string = tmpdir()): Promise<readonly string[]> {
  const directories = await abandonedLabDirectories(parent);
  const swept = await Promise.allSettled(directories.map(sweep));
  return directories.filter((_directory, index) => swept[index]?.status === "fulfilled");
}

let sweeping: Promise<readonly string[]> | undefined;

/** Sweeps the temporary directory, once in the life of this process. */
export async function sweepOrphansOnce(): Promise<void> {
  sweeping ??= sweepOrphans();
  await sweeping;
}

async function sweep(directory: string): Promise<void> {
  for (const kind of ["nats", "postgres"] as const) {
    const pid = Number.parseInt(await readFile(join(directory, PID_FILES[kind]), "utf8").catch(() => ""), 10);
    if (pid > 1) await endOrphan(pid, directory, END_SIGNALS[kind]);
  }
  await removeLabDirectory(directory);
}

async function endOrphan(pid: number, directory: string, gentle: NodeJS.Signals): Promise<void> {
  // The id may belong to another process by now; a server of ours has its directory among its arguments.
  const isOurs = async () => (await commandLineOf(pid))?.includes(directory) === true;
  for (const signal of [gentle, "SIGKILL"] as const) {
    if (!(await isOurs())) return;
    signalQuietly(pid, signal);
    await waitFor(async () => ((await isOurs()) ? undefined : true), { deadlineMs: 3_000, intervalMs: 20 });
  }
  if (await isOurs()) throw new Error(`process ${pid} does not end`);
}
