/** What there is at a path. */
import { stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Whether there is a file at this path. */
export async function isFile(path: string): Promise<boolean> {
  return (await kindOf(path)) === "file";
}

/** What there is at a path; undefined when there is nothing, or nothing that one may look at. */
export async function kindOf(path: string): Promise<"file" | "directory" | "other" | undefined> {
  try {
    const found = await stat(path);
    if (found.isFile()) return "file";
    return found.isDirectory() ? "directory" : "other";
  } catch {
    return undefined;
  }
}

/** The nearest of a path and the folders above it that is there. */
export async function nearestThere(path: string): Promise<string> {
  const above = dirname(path);
  return above === path || (await kindOf(path)) !== undefined ? path : await nearestThere(above);
}
