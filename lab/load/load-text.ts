/** The result of a load for a terminal. */
import { histogramLines, summarise } from "./latencies.ts";
import type { LoadResult } from "./run-load.ts";

export function loadText({ intended, outcomes, reasons, latenciesMs }: LoadResult): string {
  const { p50, p90, p99, p999, max } = summarise(latenciesMs);
  const slowness = { p50, p90, p99, "p99.9": p999, max };
  return [
    `${intended} intended, ${outcomes.accepted} accepted, ${outcomes.refused} refused, ${outcomes["no answer"]} without an answer`,
    ...[...reasons].map(([reason, count]) => `  ${count} ${reason}`),
    "",
    "latency, from when each request was to start:",
    ...Object.entries(slowness).map(([name, ms]) => `  ${name.padEnd(6)}${(ms?.toFixed(1) ?? "-").padStart(10)} ms`),
    "",
    ...histogramLines(latenciesMs),
  ].join("\n");
}
