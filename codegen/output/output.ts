/** The directory that generated files are written to. */
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Drift } from "./drift.ts";

/** Directories that hold nothing of ours, and much of others. */
const SKIPPED = new Set(["node_modules", ".git"]);

/** The disk does not let the output be read or written. The message names the file, and says why. */
export class OutputError extends Error {
  override readonly name = "OutputError";
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the disk",
  ENOENT: "no such directory, and none can be made",
  ENOTDIR: "a file is where a directory belongs",
  EEXIST: "a file is where a directory belongs",
  EISDIR: "a directory is where a file belongs",
};

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
    const texts = await Promise.all(paths.map((path) => readFile(path, "utf8")));
    return new Map(paths.map((path, index) => [relative(directory, path).replaceAll(sep, "/"), texts[index] ?? ""]));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return new Map();
    throw refusal("read", directory, error);
  }
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
    try {
      if (difference === "stale") removeFile(directory, target);
      else {
        const folder = dirname(target);
        if (!folders.has(folder)) makeFolder(folder);
        folders.add(folder);
        writeFileSync(target, files.get(path) ?? "");
      }
    } catch (error) {
      throw refusal("write", target, error);
    }
  }
}

/** Makes a folder and those above it, one by one: Node's own way never ends where nothing can be made. */
function makeFolder(folder: string): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** Removes a file, and the directories that it leaves empty. */
function removeFile(directory: string, file: string): void {
  rmSync(file, { force: true });
  for (let folder = dirname(file); folder !== directory && folder.startsWith(directory); folder = dirname(folder)) {
    if (readdirSync(folder).length > 0) return;
    rmdirSync(folder);
  }
}

function refusal(what: "read" | "write", path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : code);
  return new OutputError(`cannot ${what} ${path}: ${reason}`, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
