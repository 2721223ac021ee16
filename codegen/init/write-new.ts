/** Writes files that are not there yet: all of them, or none. */
import { lstat, mkdir, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";

/** The paths below a directory that something stands at already, or on the way to which something is in the way. */
export async function takenPaths(directory: string, paths: readonly string[]): Promise<readonly string[]> {
  const taken: string[] = [];
  for (const path of paths) {
    const parts = path.split("/");
    for (const [index] of parts.entries()) {
      const part = parts.slice(0, index + 1).join("/");
      const is = await kindOf(join(directory, part));
      const isLast = index === parts.length - 1;
      if (is === undefined) break;
      if ((is === "other" || isLast) && !taken.includes(part)) taken.push(part);
      if (is === "other") break;
    }
  }
  return taken;
}

/**
 * Writes files below a directory, which is made where it is missing.
 * @throws what the disk says, when everything that was made is gone again
 */
export async function writeNew(directory: string, files: ReadonlyMap<string, string>): Promise<void> {
  const made: { readonly path: string; readonly isFolder: boolean }[] = [];
  try {
    for (const [path, text] of files) {
      const file = join(directory, path);
      const first = await mkdir(dirname(file), { recursive: true });
      if (first !== undefined) made.push(...folders(first, dirname(file)));
      await writeFile(file, text, { flag: "wx" });
      made.push({ path: file, isFolder: false });
    }
  } catch (error) {
    for (const { path, isFolder } of made.toReversed()) await (isFolder ? rmdir(path) : rm(path));
    throw error;
  }
}

/** The folders from one to another inside it, the outermost first. */
function folders(first: string, last: string): { readonly path: string; readonly isFolder: true }[] {
  const names = relative(first, last)
    .split(sep)
    .filter((name) => name !== "");
  return ["", ...names].map((_, index) => ({ path: join(first, ...names.slice(0, index)), isFolder: true }));
}

async function kindOf(path: string): Promise<"folder" | "other" | undefined> {
  try {
    return (await lstat(path)).isDirectory() ? "folder" : "other";
  } catch {
    return undefined;
  }
}
