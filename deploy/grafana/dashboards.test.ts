import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { exposedMetrics } from "../../lab/metrics/exposed-metrics.ts";
import { mismatches } from "../../lab/metrics/mismatches.ts";
import { DASHBOARDS } from "./source/all.ts";
import { printDashboard } from "./source/print-dashboard.ts";

const exposed = await exposedMetrics();
const read = (path: string): Promise<string> => readFile(new URL(path, import.meta.url), "utf8");
const PROVISIONED = parse(await read("provisioning/datasources/prometheus.yml"));

/** What Grafana puts in for a variable of an expression. */
function filledIn(expression: string): string {
  return expression.replaceAll("$__rate_interval", "1m").replaceAll("$service", "order|inventory");
}

it("the folder holds the dashboards and nothing else", async () => {
  const files = await readdir(new URL("dashboards/", import.meta.url));
  expect(files.toSorted()).toEqual(DASHBOARDS.map(({ uid }) => `${uid}.json`).toSorted());
});

describe.each(DASHBOARDS)("$title", (dashboard) => {
  const printed = JSON.parse(printDashboard(dashboard));
  const panels = dashboard.sections.flatMap(({ rows }) => rows.flat());

  it("is in its file as it is in its source: `npm run dashboards` writes it", async () => {
    expect(await read(`dashboards/${dashboard.uid}.json`)).toBe(printDashboard(dashboard));
  });

  it.each(panels)("$title asks for what there is, and names its lines by labels that are left", ({ queries, says }) => {
    expect(says).toMatch(/\.$/);
    for (const { expr, legend } of queries) {
      expect(mismatches(filledIn(expr), exposed)).toEqual([]);
      expect(filledIn(expr)).not.toContain("$");
      const kept = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = ""]) => labels.split(", "));
      for (const [, label = ""] of legend.matchAll(/\{\{(\w+)\}\}/g)) expect(kept).toContain(label);
    }
  });

  it("offers services of a metric that has them", () => {
    const { servicesOf = "tandem_nats_connected" } = dashboard;
    expect(exposed.get(servicesOf)?.labels).toContain("service");
    const asksFor = panels.some(({ queries }) => queries.some(({ expr }) => expr.includes("$service")));
    expect(asksFor).toBe(dashboard.servicesOf !== undefined);
  });

  it("has a place for each panel that no other panel is in", () => {
    const taken = new Set<string>();
    const overlapping: string[] = [];
    for (const { gridPos, title } of printed.panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          if (taken.has(`${x},${y}`)) overlapping.push(title);
          taken.add(`${x},${y}`);
        }
      }
    }
    expect(overlapping).toEqual([]);
  });

  it("numbers its panels, and asks the data source that is provisioned", () => {
    const ids = printed.panels.map(({ id }: { id: number }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const [{ uid, type }] = PROVISIONED.datasources;
    for (const panel of printed.panels.filter(({ type }: { type: string }) => type !== "row")) {
      expect(panel.datasource).toEqual({ type, uid });
      expect(panel.targets.length).toBeGreaterThan(0);
      const refs = panel.targets.map(({ refId }: { refId: string }) => refId);
      expect(new Set(refs).size).toBe(refs.length);
      for (const target of panel.targets) expect(target.datasource).toEqual({ type, uid });
    }
  });
});
