/** Directories that hold one server each, and say which process they belong to. */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { LabError, reasonOf } from "./lab-error.ts";
import { commandLineOf, startOf } from "./processes.ts";

// Short: a Unix socket lives below it, whose whole path may have 103 bytes on macOS.
const PREFIX = "tandem-";
const OWNER_FILE = "owner.pid";

/** Written into the directory of a server: the process that started it, and must end it. */
interface Owner {
  readonly pid: number;
  readonly startedAt: string | undefined;
  /** Process ids of another host, or of another container, mean nothing here. */
  readonly host: string;
}

/** Which server a directory is for. */
export type LabKind = "nats" | "postgres";

/** Makes an empty directory for a server of this process, in the temporary directory. */
export async function makeLabDirectory(kind: LabKind): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), `${PREFIX}${kind}-`)).catch((cause: unknown) => {
    const advice = "Set TMPDIR to a directory that is there and can be written to.";
    throw new LabError(
      "SERVER_NOT_STARTED",
      `A server needs a directory, and none can be made (${reasonOf(cause)}). ${advice}`,
      { cause },
    );
  });
  const owner: Owner = { pid: process.pid, startedAt: await startOf(process.pid), host: hostname() };
  await writeFile(join(directory, OWNER_FILE), JSON.stringify(owner));
  return directory;
}

const THOROUGHLY = { recursive: true, force: true, maxRetries: 5, retryDelay: 20 } as const;

/** Removes the directory of a server that has ended, with everything in it. */
export async function removeLabDirectory(directory: string): Promise<void> {
  await rm(directory, THOROUGHLY);
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));
const NOW_TRIES = 50;
const NOW_PAUSE_MS = 10;

/**
 * The same for a process that is about to exit, which can wait for nothing but the clock: the server was told to
 * end, and may be on its way out. What cannot be removed within half a second keeps its owner's name, by which
 * the next start finds it.
 */
export function removeLabDirectoryNow(directory: string): void {
  // rmSync may return as if nothing were wrong while another process still puts files in.
  for (let tries = 0; tries < NOW_TRIES && existsSync(directory); tries++) {
    if (tries > 0) Atomics.wait(PAUSE, 0, 0, NOW_PAUSE_MS);
    const others = readdirSync(directory).filter((name) => name !== OWNER_FILE);
    for (const name of others) rmSync(join(directory, name), THOROUGHLY);
    if (!others.some((name) => existsSync(join(directory, name)))) rmSync(directory, THOROUGHLY);
  }
}

/**
 * The directories in `parent` whose owner died without ending its server. Only this user's, and only
 * those of this host.
 */
export async function abandonedLabDirectories(parent: string): Promise<readonly string[]> {
  const kinds: readonly LabKind[] = ["nats", "postgres"];
  const names = await readdir(parent).catch(() => []);
  const ours = names.filter((name) => kinds.some((kind) => name.startsWith(`${PREFIX}${kind}-`)));
  const judged = await Promise.all(
    ours.map(async (name) => ({ path: join(parent, name), abandoned: await isAbandoned(join(parent, name)) })),
  );
  return judged.filter(({ abandoned }) => abandoned).map(({ path }) => path);
}

async function isAbandoned(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch(() => undefined);
  if (found === undefined || !found.isDirectory() || found.uid !== userInfo().uid) return false;
  const owner = await readOwner(directory);
  if (owner === undefined || owner.host !== hostname()) return false;
  if ((await commandLineOf(owner.pid)) === undefined) return true;
  // The id is in use again: it is the owner's only if that process began when the owner did.
  const startedAt = await startOf(owner.pid);
  return owner.startedAt !== undefined && startedAt !== undefined && startedAt !== owner.startedAt;
}

async function readOwner(directory: string): Promise<Owner | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(join(directory, OWNER_FILE), "utf8"));
    return isOwner(owner) ? owner : undefined;
  } catch {
    return undefined;
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== "object" || value === null) return false;
  return "pid" in value && Number.isInteger(value.pid) && "host" in value && typeof value.host === "string";
}
