import type { ExposedMetric } from "./exposed-metrics.ts";
import { readPromql } from "./read-promql.ts";

/**
 * What an expression expects and nobody exposes, in words; empty when there is all of it.
 *
 * @throws an error that names the column, when it is no PromQL
 */
export function mismatches(expression: string, exposed: ReadonlyMap<string, ExposedMetric>): readonly string[] {
  const { metrics, labels } = readPromql(expression);
  if (metrics.length === 0) return [`no metric: ${expression}`];
  const unknown = metrics.filter((metric) => !exposed.has(metric)).map((metric) => `no process exposes ${metric}`);
  const missing = labels.flatMap(({ label, metrics: holders }) =>
    holders
      .filter((metric) => exposed.get(metric)?.labels.has(label) === false)
      .map((metric) => `${metric} has no label ${label}`),
  );
  return [...new Set([...unknown, ...missing])];
}
