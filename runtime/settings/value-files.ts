/** Settings that are given as files: NAME_FILE names one that holds the value of NAME, as secrets of containers come. */
import { readFileSync } from "node:fs";
import type { Environment } from "./read-settings.ts";
import { wordsOf } from "../words-of.ts";

/** An environment, and what is wrong with the files that it names. */
export interface FilesRead {
  readonly env: Environment;
  /** Sentences that begin with the name of a variable. */
  readonly faults: readonly string[];
}

/** Holds the name of a file in place of a value. */
const SUFFIX = "_FILE";

/**
 * The environment with the content of files as values; without the end of their last line. What a file holds is in no
 * fault.
 * @param names The variables that may be given so
 */
export function readValueFiles(names: readonly string[], env: Environment): FilesRead {
  const faults: string[] = [];
  const read: Record<string, string | undefined> = {};
  for (const name of names) {
    const variable = name + SUFFIX;
    const path = env[variable] ?? "";
    if (path === "") continue;
    // Whoever reads the answer finds one place where the value is.
    read[variable] = undefined;
    if ((env[name] ?? "") !== "") faults.push(`${variable} and ${name} are both set: use one of them`);
    else {
      const { value, fault } = contentOf(path);
      if (fault !== undefined) faults.push(`${variable} ${fault}`);
      read[name] = value;
    }
  }
  return { env: { ...env, ...read }, faults };
}

function contentOf(path: string): { readonly value?: string; readonly fault?: string } {
  try {
    const value = readFileSync(path, "utf8").replace(/\r?\n$/, "");
    return value === "" ? { fault: `names a file that is empty: ${path}` } : { value };
  } catch (error) {
    return { fault: `cannot be read: ${wordsOf(error)}` };
  }
}
