/**
 * What generating came to the last time, kept beside the installed packages (`node_modules/.cache/tandem`), so that
 * nothing is read and made again while the contract, the generator and the generated files are the same.
 *
 * Digests only: what is generated stays where it belongs, and a result says what it has to look like. Whatever is
 * not as expected, also the kept result itself, is as if nothing were kept.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Diagnostic } from "../diagnostic.ts";
import { digest, fingerprint } from "./fingerprint.ts";

/** What a result depends on besides the files of the contract. */
export interface Question {
  /** The contract's file and the directory of the output, absolute. */
  readonly contract: string;
  readonly directory: string;
  /** Everything else that was asked for. */
  readonly options: Readonly<Record<string, string | boolean>>;
}

/** What is kept of a run without errors. */
export interface KeptResult {
  /** Digest of each file that was read or looked for, by its path as the contract has it; null where there was none. */
  readonly inputs: Readonly<Record<string, string | null>>;
  /** Digest of each generated file, by path. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly diagnostics: readonly Diagnostic[];
}

interface Stored extends KeptResult {
  readonly format: 1;
  readonly generator: string;
}

/** Reads a file of the contract by its path; undefined when there is none. */
type Read = (path: string) => Promise<string | undefined>;

/** The kept result of a question whose inputs are what they were, with their texts; undefined when there is none. */
export async function findKept(
  question: Question,
  read: Read,
): Promise<{ readonly result: KeptResult; readonly texts: ReadonlyMap<string, string> } | undefined> {
  const stored = await readStored(question);
  if (stored === undefined) return undefined;
  const texts = new Map<string, string>();
  for (const [path, expected] of Object.entries(stored.inputs)) {
    const text = await read(path);
    if ((text === undefined ? null : digest(text)) !== expected) return undefined;
    if (text !== undefined) texts.set(path, text);
  }
  return stored.generator === fingerprint() ? { result: stored, texts } : undefined;
}

/** Keeps a result. What cannot be kept is not: nobody depends on it. */
export async function keep(question: Question, result: KeptResult): Promise<void> {
  const place = placeOf(question);
  if (place === undefined) return;
  const stored: Stored = { format: 1, generator: fingerprint(), ...result };
  try {
    await mkdir(dirname(place), { recursive: true });
    // In one step, so that two runs at once leave one of the two.
    await writeFile(`${place}.${process.pid}`, JSON.stringify(stored));
    await rename(`${place}.${process.pid}`, place);
  } catch {
    // A directory that cannot be written to.
  }
}

/** Whether the files of a directory are those that a result says, by their texts. */
export function isUnchanged({ outputs }: KeptResult, files: ReadonlyMap<string, string>): boolean {
  return Object.entries(outputs).every(([path, expected]) => {
    const text = files.get(path);
    return text !== undefined && digest(text) === expected;
  });
}

async function readStored(question: Question): Promise<Stored | undefined> {
  const place = placeOf(question);
  if (place === undefined) return undefined;
  try {
    const stored: unknown = JSON.parse(await readFile(place, "utf8"));
    return isStored(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}

function isStored(value: unknown): value is Stored {
  if (typeof value !== "object" || value === null) return false;
  return (
    "format" in value &&
    value.format === 1 &&
    "generator" in value &&
    ["inputs", "outputs", "diagnostics"].every((name) => typeof Reflect.get(value, name) === "object")
  );
}

/** Where a result is kept: beside the packages that are installed nearest to the output; undefined where none are. */
export function placeOf({ contract, directory, options }: Question): string | undefined {
  const name = digest(JSON.stringify([contract, directory, options]));
  for (let folder = directory; ; folder = dirname(folder)) {
    const packages = join(folder, "node_modules");
    if (existsSync(packages)) return join(packages, ".cache/tandem", `${name}.json`);
    if (folder === dirname(folder)) return undefined;
  }
}
