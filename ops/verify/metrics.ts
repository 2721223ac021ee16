/** The gauges of a verification that is repeated. Names and labels are in docs/metrics.md. */
import { Counter, Gauge, Registry } from "@tandem/runtime/admin";
import type { Report } from "./verdict.ts";

/** The metrics of one process that verifies. */
export interface VerifyMetrics {
  readonly contentType: string;
  /** Everything in the Prometheus text format. */
  render(): Promise<string>;
  /** Shows a report instead of the one before. */
  verified(report: Report): void;
  /** A verification that could not be finished. */
  failed(): void;
}

/** Makes the metrics. Label values are invariants and services, so what a stranger sends makes no new time series. */
export function createVerifyMetrics(): VerifyMetrics {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ["invariant", "by"] as const;
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `tandem_verify_${name}`, help, labelNames: [...labelNames], registers });
  const violations = gauge("violations", "What is not as it must be.");
  const checked = gauge("checked", "What was judged.");
  const inFlight = gauge("in_flight", "What still moves.");
  const notJudged = gauge("not_judged", "What streams or history may have let go of.");
  const runs = new Counter({
    name: "tandem_verify_runs_total",
    help: "Verifications.",
    labelNames: ["outcome"],
    registers,
  });
  const lastRun = new Gauge({
    name: "tandem_verify_last_run_timestamp_seconds",
    help: "When a verification was last finished.",
    registers,
  });
  return {
    contentType: registry.contentType,
    render: async () => registry.metrics(),
    verified: ({ verdicts }) => {
      // Several verdicts of a service may have one name.
      for (const metric of [violations, checked, inFlight, notJudged]) metric.reset();
      for (const { invariant, by, ...verdict } of verdicts) {
        violations.inc({ invariant, by }, verdict.violations);
        checked.inc({ invariant, by }, verdict.checked);
        inFlight.inc({ invariant, by }, verdict.inFlight);
        notJudged.inc({ invariant, by }, verdict.notJudged);
      }
      runs.inc({ outcome: "done" });
      lastRun.setToCurrentTime();
    },
    failed: () => runs.inc({ outcome: "failed" }),
  };
}
