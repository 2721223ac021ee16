/** How often a comparison of schemas is right, and how long it takes. */
import { Ajv2019 } from "ajv/dist/2019.js";
import formats from "ajv-formats";
import type { Comparison } from "../codegen/evolution/compare.ts";

/** Two schemas, and whether a reader of the new one accepts everything that a writer of the old one may write. */
export interface SchemaPair {
  readonly id: string;
  readonly old: unknown;
  readonly new: unknown;
  readonly expect: boolean;
}

/** What a comparison made of a list of pairs. */
export interface Score {
  readonly pairs: number;
  readonly breaking: number;
  readonly right: number;
  /** Breaks that were called compatible: the one fault that a gate must not have. */
  readonly missed: readonly string[];
  /** Compatible pairs that were called breaking. */
  readonly falseAlarms: readonly string[];
  readonly undecided: readonly string[];
  /** Breaks with a payload that the validator confirms: written by the old side, refused by the new one. */
  readonly witnesses: number;
  /** Milliseconds for one pair. */
  readonly p50: number;
  readonly p99: number;
}

/** Compares every pair, measures, and asks the validator about the payloads that are shown. */
export function score(pairs: readonly SchemaPair[], compare: (old: unknown, now: unknown) => Comparison): Score {
  const judged = pairs.map((pair) => {
    const start = performance.now();
    const comparison = compare(pair.old, pair.new);
    return { pair, comparison, time: performance.now() - start };
  });
  const times = judged.map(({ time }) => time).toSorted((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  const ids = (verdict: Comparison["verdict"], expect: boolean): string[] =>
    judged.filter((one) => one.comparison.verdict === verdict && one.pair.expect === expect).map((one) => one.pair.id);
  return {
    pairs: pairs.length,
    breaking: pairs.filter(({ expect }) => !expect).length,
    right: ids("compatible", true).length + ids("breaking", false).length,
    missed: ids("compatible", false),
    falseAlarms: ids("breaking", true),
    undecided: [...ids("undecided", true), ...ids("undecided", false)],
    witnesses: judged.filter(({ pair, comparison }) => !pair.expect && isConfirmed(pair, comparison)).length,
    p50: at(0.5),
    p99: at(0.99),
  };
}

function isConfirmed(pair: SchemaPair, comparison: Comparison): boolean {
  if (comparison.verdict !== "breaking") return false;
  const ajv = new Ajv2019({ strict: false, validateSchema: false, logger: false });
  formats.default(ajv);
  try {
    return accepts(ajv, pair.old, comparison.witness) && !accepts(ajv, pair.new, comparison.witness);
  } catch {
    // A schema that Ajv does not compile confirms nothing.
    return false;
  }
}

function accepts(ajv: Ajv2019, schema: unknown, value: unknown): boolean {
  if (typeof schema === "boolean") return schema;
  return typeof schema === "object" && schema !== null && ajv.validate({ ...schema }, value);
}
