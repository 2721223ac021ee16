/** Folders of the cache that are made once, however many processes ask at the same time. */
import { mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** What a folder is made from. */
export interface KeptFolder {
  /** The folder of the cache that it is put into. */
  readonly root: string;
  /** Fills an empty folder, and returns the name that it is kept under. */
  readonly make: (into: string) => Promise<string>;
  /** Rejects when what is there under the name will not do, and is to be replaced. */
  readonly check: (folder: string) => Promise<unknown>;
}

/** Longer than anything may take to be made: what is older was left by a process that was killed. */
const ABANDONED_MS = 20 * 60_000;

/**
 * Makes a folder and moves it to its place in one step, so that another process sees all of it or nothing. Of two
 * that are made at once the first one stays. Returns its path.
 */
export async function keepFolder({ root, make, check }: KeptFolder): Promise<string> {
  await mkdir(root, { recursive: true });
  await removeAbandoned(root);
  const partial = await mkdtemp(join(root, ".partial-"));
  try {
    const folder = join(root, await make(partial));
    try {
      await rename(partial, folder);
    } catch {
      if (await fulfils(check, folder)) return folder;
      await rm(folder, { recursive: true, force: true });
      await rename(partial, folder);
    }
    return folder;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function fulfils(check: KeptFolder["check"], folder: string): Promise<boolean> {
  return await check(folder).then(
    () => true,
    () => false,
  );
}

async function removeAbandoned(root: string): Promise<void> {
  for (const name of (await readdir(root)).filter((entry) => entry.startsWith(".partial-"))) {
    const { mtimeMs } = await stat(join(root, name)).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(join(root, name), { recursive: true, force: true });
  }
}
