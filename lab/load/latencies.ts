/** Latencies, as far as they tell of the slow ones. */

export interface LatencySummary {
  readonly count: number;
  /** Milliseconds; absent where nothing was measured. */
  readonly p50?: number;
  readonly p90?: number;
  readonly p99?: number;
  readonly p999?: number;
  readonly max?: number;
}

const BAR = 40;

/** Exact quantiles: so many of all were at most as slow. */
export function summarise(latenciesMs: readonly number[]): LatencySummary {
  const sorted = latenciesMs.toSorted((one, other) => one - other);
  const max = sorted.at(-1);
  if (max === undefined) return { count: 0 };
  const quantile = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? max;
  return {
    ...{ count: sorted.length, p50: quantile(0.5), p90: quantile(0.9) },
    ...{ p99: quantile(0.99), p999: quantile(0.999), max },
  };
}

/** A line for each power of two, from the fastest to the slowest. */
export function histogramLines(latenciesMs: readonly number[]): readonly string[] {
  const exponents = latenciesMs.map((ms) => Math.ceil(Math.log2(Math.max(1, ms))));
  const counts = Map.groupBy(exponents, (exponent) => exponent);
  const most = Math.max(0, ...[...counts.values()].map(({ length }) => length));
  const [first, last] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  const lines: string[] = [];
  for (let exponent = first; exponent <= last; exponent += 1) {
    const count = counts.get(exponent)?.length ?? 0;
    const bar = "#".repeat(Math.ceil((BAR * count) / most));
    lines.push(`  up to ${String(2 ** exponent).padStart(6)} ms ${String(count).padStart(8)}  ${bar}`.trimEnd());
  }
  return lines;
}
