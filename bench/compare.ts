/**
 * `npm run bench:compare -- [FILE.json ...]`: how often the comparison of schemas is right, and how long it takes.
 * A file is a list of `{ id, old, new, expect }`; our own pairs unless files are named. Exit code 1 when a break is missed.
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { compareSchemas } from "../codegen/evolution/compare.ts";
import { type Score, score, type SchemaPair } from "./score.ts";

const named = process.argv.slice(2);
const files = named.length > 0 ? named : [join(import.meta.dirname, "pairs.json")];
const scores = files.map((file) => ({ file: basename(file), score: score(readPairs(file), compareSchemas) }));

console.table(Object.fromEntries(scores.map(({ file, score: result }) => [file, row(result)])));
for (const { file, score: result } of scores) {
  for (const id of result.missed) console.log(`missed in ${file}: ${id}`);
  for (const id of result.falseAlarms) console.log(`false alarm in ${file}: ${id}`);
}
process.exitCode = scores.some(({ score: { missed } }) => missed.length > 0) ? 1 : 0;

function row(result: Score): Readonly<Record<string, string>> {
  return {
    right: `${result.right} of ${result.pairs}`,
    "breaks missed": `${result.missed.length} of ${result.breaking}`,
    "false alarms": `${result.falseAlarms.length}`,
    undecided: `${result.undecided.length}`,
    "witnesses confirmed": `${result.witnesses} of ${result.breaking}`,
    p50: `${result.p50.toFixed(2)} ms`,
    p99: `${result.p99.toFixed(1)} ms`,
  };
}

function readPairs(file: string): SchemaPair[] {
  const list: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(list) || !list.every(isPair)) {
    throw new Error(`${file} is no list of { id, old, new, expect }, where expect is true for a compatible pair`);
  }
  return list;
}

function isPair(value: unknown): value is SchemaPair {
  if (typeof value !== "object" || value === null) return false;
  return "id" in value && "old" in value && "new" in value && "expect" in value && typeof value.expect === "boolean";
}
