/** Parts of generated code that stay for the next process, beside the kept result of the same question. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fingerprint } from "./fingerprint.ts";
import { placeOf, type Question } from "./kept-results.ts";
import { type PartEntry, Parts } from "./parts.ts";
import { seal, unseal } from "./sealed.ts";

/** The parts that were kept by this very generator; none when there are none, or not as expected. */
export async function findParts(question: Question): Promise<Parts> {
  const place = pathOf(question);
  if (place === undefined) return new Parts();
  try {
    const stored: unknown = JSON.parse(unseal(await readFile(place, "utf8")) ?? "");
    return new Parts(isStored(stored) && stored.generator === fingerprint() ? stored.parts : []);
  } catch {
    return new Parts();
  }
}

/** Keeps the parts that were used, in the place of those that were kept before. */
export async function keepParts(question: Question, parts: Parts): Promise<void> {
  if (parts.settle()) await writeParts(question, parts);
}

/** Writes the parts down that there are. */
export async function writeParts(question: Question, parts: Parts): Promise<void> {
  const place = pathOf(question);
  if (place === undefined) return;
  try {
    await mkdir(dirname(place), { recursive: true });
    const stored: Stored = { generator: fingerprint(), parts: parts.entries() };
    await writeFile(`${place}.${process.pid}`, seal(JSON.stringify(stored)));
    await rename(`${place}.${process.pid}`, place);
  } catch {
    // A directory that cannot be written to.
  }
}

interface Stored {
  readonly generator: string;
  readonly parts: readonly PartEntry[];
}

function isStored(value: unknown): value is Stored {
  return typeof value === "object" && value !== null && "generator" in value && "parts" in value;
}

function pathOf(question: Question): string | undefined {
  return placeOf(question)?.replace(/\.json$/, ".parts");
}
