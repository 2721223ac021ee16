import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { exposedMetrics } from "../../lab/metrics/exposed-metrics.ts";
import { mismatches } from "../../lab/metrics/mismatches.ts";
import { alertRules } from "./tests/alert-rules.ts";

const rules = await alertRules();
const exposed = await exposedMetrics();
const page = await readFile(new URL("../../docs/on-call.md", import.meta.url), "utf8");

describe.each(rules)("$alert", (rule) => {
  it("waits, has a severity, and says what is wrong", () => {
    expect(rule.for).toMatch(/^\d+[mh]$/);
    expect(rule.labels).toEqual({ severity: expect.stringMatching(/^(critical|warning)$/) });
    expect(rule.annotations.summary.length).toBeGreaterThan(20);
  });

  it("leads to its section of the page", () => {
    expect(rule.annotations.runbook).toBe(`docs/on-call.md#${rule.alert.toLowerCase()}`);
    expect(page.split("\n")).toContain(`### ${rule.alert}`);
  });

  it("asks for metrics and labels that there are", () => {
    expect(mismatches(rule.expr, exposed)).toEqual([]);
  });
});

it("the page has no section for an alert that is gone", () => {
  const sections = [...page.matchAll(/^### (.+)$/gm)].map(([, title]) => title);
  expect(sections).toEqual(rules.map(({ alert }) => alert));
});

it("the page says how bad each is", () => {
  for (const { alert, labels } of rules) expect(page).toContain(`### ${alert}\n\n*${labels.severity}*`);
});

it("what is scraped are the services of the contract, a steward, and a verification", async () => {
  const config = parse(await readFile(new URL("./prometheus.yml", import.meta.url), "utf8"));
  const topology = JSON.parse(await readFile(new URL("../../generated/topology.json", import.meta.url), "utf8"));
  const services = [...new Set<string>(topology.consumers.map(({ service }: { service: string }) => service))];
  const targets = (job: string): unknown =>
    config.scrape_configs.find(({ job_name: name }: { job_name: string }) => name === job)?.static_configs[0].targets;
  expect(targets("services")).toEqual(expect.arrayContaining(services.map((service) => `${service}:3000`)));
  expect(targets("services")).toHaveLength(services.length);
  expect(targets("steward")).toEqual(["steward:3000"]);
  expect(targets("verify")).toEqual(["verify:3000"]);
});
