/** Reads the files of a contract from the disk. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { ReadFile } from "./files.ts";
import { readText } from "./read-text.ts";

/** A reader of files by their paths from a directory; undefined for what is no file. */
export function readDisk(directory: string): ReadFile {
  return async (path) => {
    const whole = resolve(directory, path);
    try {
      return (await stat(whole)).isFile() ? await readText(whole) : undefined;
    } catch {
      return undefined;
    }
  };
}
