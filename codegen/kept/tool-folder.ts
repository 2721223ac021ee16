/** Where the tool keeps what it made of the packages that it is installed with: beside them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { dirname, join } from "node:path";
import { digest, fingerprint } from "./fingerprint.ts";
import { seal, unseal } from "./sealed.ts";

/** The folder of `node_modules` nearest to the tool; undefined where no packages are installed. */
function toolFolder(): string | undefined {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const packages = join(folder, "node_modules");
    if (existsSync(packages)) return join(packages, ".cache/tandem");
    if (folder === dirname(folder)) return undefined;
  }
}

/** Has Node keep what it compiles from now on, for the next process. Nothing happens where it cannot be kept. */
export function keepCompiledCode(): void {
  const folder = toolFolder();
  if (folder !== undefined) enableCompileCache(join(folder, "code"));
}

/** A module that the tool made once, for this version of itself. */
export interface KeptModule {
  /** What it is, in words for a file name. One module is kept of each. */
  readonly purpose: string;
  /** What it depends on besides the tool itself and the Node that runs it. */
  readonly madeFrom: string;
  /** With its dot. */
  readonly extension: string;
}

/** The path of a kept module that is whole; undefined when it has to be made. */
export function findModule(module: KeptModule): string | undefined {
  const path = placeOf(module);
  if (path === undefined) return undefined;
  try {
    return unseal(readFileSync(path, "utf8")) === undefined ? undefined : path;
  } catch {
    return undefined;
  }
}

/** Keeps a module in the place of those that were made before for the same purpose, and returns its path, if it can be kept. */
export function keepModule(module: KeptModule, text: string): string | undefined {
  const path = placeOf(module);
  if (path === undefined) return undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    // In one step, so that two processes at once leave one whole module.
    writeFileSync(`${path}.${process.pid}`, seal(text));
    renameSync(`${path}.${process.pid}`, path);
    removeEarlier(module, path);
    return path;
  } catch {
    // A folder that cannot be written to: nobody depends on it.
    return undefined;
  }
}

function removeEarlier({ purpose, extension }: KeptModule, path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    const key = name.startsWith(`${purpose}.`) ? name.slice(purpose.length + 1) : "";
    if (/^[0-9a-f]{64}\.\w+$/.test(key) && name.endsWith(extension) && join(folder, name) !== path) {
      rmSync(join(folder, name), { force: true });
    }
  }
}

function placeOf({ purpose, madeFrom, extension }: KeptModule): string | undefined {
  const folder = toolFolder();
  if (folder === undefined) return undefined;
  const key = digest(JSON.stringify([fingerprint(), purpose, madeFrom]));
  return join(folder, "modules", `${purpose}.${key}${extension}`);
}
