import { describe, expect, it } from "vitest";
import { exposedMetrics } from "./exposed-metrics.ts";
import { mismatches } from "./mismatches.ts";

const exposed = await exposedMetrics();

describe("mismatches", () => {
  it.each([
    "sum by (service, le) (rate(tandem_handler_seconds_bucket[5m]))",
    'max by (service) (tandem_outbox_rows or tandem_steward_outbox_rows{instance="a"}) > 3',
    "max by (event, version) (tandem_reading) and on (event) sum by (event) (tandem_events_total)",
    "sum(rate(process_cpu_seconds_total[1m])) without (instance)",
    'up{job="steward"} == 0',
  ])("finds nothing in %s", (expression) => {
    expect(mismatches(expression, exposed)).toEqual([]);
  });

  it.each([
    ["tandem_outbox_row > 1", ["no process exposes tandem_outbox_row"]],
    ["rate(tandem_handler_seconds[5m])", ["no process exposes tandem_handler_seconds"]],
    ['tandem_outbox_rows{event="a"}', ["tandem_outbox_rows has no label event"]],
    [
      "sum by (durable) (tandem_steward_durable_pending or tandem_outbox_rows)",
      ["tandem_outbox_rows has no label durable"],
    ],
    ["tandem_outbox_rows and on (dependency) tandem_dependency_state", ["tandem_outbox_rows has no label dependency"]],
    ["1 + 1", ["no metric: 1 + 1"]],
  ])("finds in %s what is not there", (expression, expected) => {
    expect(mismatches(expression, exposed)).toEqual(expected);
  });

  it.each([
    ["sum(rate(up[5m])", "Not PromQL at column 17"],
    ["up{job=steward}", "Not PromQL at column"],
    ['{job="steward"}', "A selector without the name of a metric"],
  ])("refuses %s", (expression, message) => {
    expect(() => mismatches(expression, exposed)).toThrow(message);
  });
});
