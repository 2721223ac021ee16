import { access, constants, lstat, mkdir } from "node:fs/promises";
import { homedir, tmpdir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import { LabError, reasonOf } from "./lab-error.ts";

/** Where downloads and copies may be kept, best first: `XDG_CACHE_HOME`, `~/.cache`, the temporary directory. */
export function cacheCandidates(env: NodeJS.ProcessEnv): readonly string[] {
  const xdg = env["XDG_CACHE_HOME"];
  const home = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env["HOME"] || homedir(), ".cache");
  return [join(home, "tandem"), temporaryCache()];
}

/** The cache of last resort. Its name carries the user, since the temporary directory is everybody's. */
export function temporaryCache(): string {
  return join(tmpdir(), `tandem-cache-${userInfo().uid}`);
}

/**
 * The project's cache directory, made when it is not there: the first candidate that this user can
 * write to. Rejects with `BINARY_NOT_FOUND` when there is none.
 */
export async function cacheDirectory(env: NodeJS.ProcessEnv): Promise<string> {
  const refused: string[] = [];
  for (const candidate of cacheCandidates(env)) {
    try {
      await claimDirectory(candidate);
      return candidate;
    } catch (error) {
      refused.push(reasonOf(error));
    }
  }
  throw new LabError(
    "BINARY_NOT_FOUND",
    `No cache directory can be written to (${refused.join("; ")}). Set XDG_CACHE_HOME to one that can.`,
  );
}

/**
 * Makes a directory for programs that we are going to run, or accepts the one that is there. Rejects
 * when somebody else could put a program of theirs into it.
 */
export async function claimDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o755 });
  await access(directory, constants.W_OK | constants.X_OK);
  await refuseForeign(directory);
}

/** Rejects when the directory is not this user's alone: its programs may be anybody's. */
export async function refuseForeign(directory: string): Promise<void> {
  const { uid, mode } = await lstat(directory);
  if (uid !== userInfo().uid) throw new Error(`${directory} belongs to another user`);
  if ((mode & 0o022) !== 0) throw new Error(`${directory} can be written by others`);
}
