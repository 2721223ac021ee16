import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { findPromtool } from "../../lab/metrics/promtool.ts";
import { reasonOf } from "../../lab/servers/lab-error.ts";
import { runCommand } from "../../lab/servers/run-command.ts";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { readPromql } from "../../lab/metrics/read-promql.ts";
import { alertRules } from "./tests/alert-rules.ts";
import { BOOK_CASES } from "./tests/book-cases.ts";
import { EVENT_CASES } from "./tests/event-cases.ts";
import { PROCESS_CASES } from "./tests/process-cases.ts";

// promtool writes a database to the disk for each trial.
const FOLDER = fileURLToPath(new URL("./", import.meta.url));
const CASES = [...PROCESS_CASES, ...EVENT_CASES, ...BOOK_CASES];
const rules = await alertRules();
/** Where to find promtool, or in words why there is none. On Linux there has to be one; elsewhere nothing brings it. */
const { promtool, missing } = await findPromtool({ onProgress: (text) => console.error(text) }).then(
  ({ path }) => ({ promtool: path, missing: undefined }),
  (error: unknown) => {
    if (process.platform === "linux") throw error;
    return { promtool: "", missing: reasonOf(error) };
  },
);

/** Each trial has a database of its own in promtool, which is slow: those that share no metric share one. */
interface Trial {
  readonly series: [name: string, values: string][];
  readonly expected: { readonly alert: string; readonly at: string; readonly alerts: readonly object[] }[];
  readonly metrics: Set<string>;
}

const metricOf = (series: string): string => series.replace(/\{.*/, "");

function trials(kind: "fires" | "calm"): readonly Trial[] {
  const found: Trial[] = [];
  for (const one of CASES) {
    const rule = rules.find(({ alert }) => alert === one.alert);
    if (rule === undefined) throw new Error(`There is no alert ${one.alert}`);
    const series = Object.entries(one[kind]);
    const metrics = new Set([...series.map(([name]) => metricOf(name)), ...readPromql(rule.expr).metrics]);
    let trial = found.find((other) => other.metrics.isDisjointFrom(metrics));
    if (trial === undefined) found.push((trial = { series: [], expected: [], metrics: new Set() }));
    for (const metric of metrics) trial.metrics.add(metric);
    trial.series.push(...series);
    const exp_labels = { severity: rule.labels.severity, ...one.labels };
    const exp_annotations = { summary: one.summary, runbook: rule.annotations.runbook };
    const alerts = kind === "fires" ? [{ exp_labels, exp_annotations }] : [];
    trial.expected.push({ alert: one.alert, at: one.at, alerts });
  }
  return found;
}

/** What promtool says of trials, each in a file as it reads them. */
async function judge(all: readonly Trial[]): Promise<string> {
  const file = join(await scratchDirectory(), "trials.json");
  const tests = all.map(({ series, expected }) => ({
    interval: "1m",
    input_series: series.map(([name, values]) => ({ series: name, values })),
    alert_rule_test: expected.map(({ alert, at, alerts }) => ({ eval_time: at, alertname: alert, exp_alerts: alerts })),
  }));
  await writeFile(file, JSON.stringify({ rule_files: [join(FOLDER, "alerts.yml")], evaluation_interval: "1m", tests }));
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(promtool, ["test", "rules", file], (_, stdout, stderr) => resolve(stdout + stderr));
  return promise;
}

it("every alert has a trial", () => {
  expect([...new Set(CASES.map(({ alert }) => alert))].toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted());
});

it("reads the rules from the file that promtool reads", async () => {
  expect(rules.length).toBe((await readFile(join(FOLDER, "alerts.yml"), "utf8")).match(/- alert: /g)?.length);
});

describe.skipIf(missing !== undefined)(`promtool${missing === undefined ? "" : `, left out: ${missing}`}`, () => {
  it("finds nothing wrong with the configuration", async () => {
    expect(await runCommand(promtool, ["check", "config", join(FOLDER, "prometheus.yml")])).toContain(
      `${rules.length} rules found`,
    );
  });

  it("every alert fires when it should, with its words", async () => {
    expect(await judge(trials("fires"))).toMatch(/^\s*SUCCESS\s*$/m);
  });

  it("no alert fires when it should not", async () => {
    expect(await judge(trials("calm"))).toMatch(/^\s*SUCCESS\s*$/m);
  });

  it("what does not fire is noticed, and so is what fires", async () => {
    const [fires, calm] = [trials("fires").slice(0, 1), trials("calm").slice(0, 1)];
    const swapped = [...fires, ...calm].map(({ series, metrics }, index) => ({
      ...{ series, metrics },
      expected: (index === 0 ? calm : fires).flatMap(({ expected }) => expected),
    }));
    const said = await judge(swapped);
    expect(said).toContain("FAILED");
    for (const { alert } of fires[0]?.expected ?? []) expect(said).toContain(`alertname: ${alert},`);
  });
});
