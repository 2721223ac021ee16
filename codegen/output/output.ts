/** The directory that generated files are written to. */
import { mkdirSync, readdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Drift } from "./drift.ts";

/** Directories that hold nothing of ours, and much of others. */
const SKIPPED = new Set(["node_modules", ".git"]);

/** The text of every file below a directory, by path with forward slashes; empty when there is no directory. */
export async function readOutput(directory: string): Promise<ReadonlyMap<string, string>> {
  const paths: string[] = [];
  const list = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) await list(join(folder, entry.name));
      else if (entry.isFile()) paths.push(join(folder, entry.name));
    }
  };
  try {
    await list(directory);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
    throw error;
  }
  const texts = await Promise.all(paths.map((path) => readFile(path, "utf8")));
  return new Map(paths.map((path, index) => [relative(directory, path).replaceAll(sep, "/"), texts[index] ?? ""]));
}

/**
 * Writes what is missing or changed, removes what is stale, and leaves every other file alone. Nothing else runs
 * meanwhile: many small files are written several times as fast so.
 */
export function writeOutput(directory: string, files: ReadonlyMap<string, string>, drift: readonly Drift[]): void {
  const folders = new Set<string>();
  for (const { path, difference } of drift) {
    const target = join(directory, path);
    if (relative(directory, target).startsWith(".."))
      throw new Error(`the path of a generated file leads out of the output directory: ${path}`);
    if (difference === "stale") removeFile(directory, target);
    else {
      const folder = dirname(target);
      if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
      folders.add(folder);
      writeFileSync(target, files.get(path) ?? "");
    }
  }
}

/** Removes a file, and the directories that it leaves empty. */
function removeFile(directory: string, file: string): void {
  rmSync(file, { force: true });
  for (let folder = dirname(file); folder !== directory && folder.startsWith(directory); folder = dirname(folder)) {
    if (readdirSync(folder).length > 0) return;
    rmdirSync(folder);
  }
}
