/** The other files of a contract of `testdata/`. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ReadFile } from "../../spec/files.ts";

/** Reads files of a folder; there are no others. */
export function readIn(folder: string): ReadFile {
  return async (path) => (existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : undefined);
}
