import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { exposedMetrics, TARGET_LABELS } from "../lab/metrics/exposed-metrics.ts";

const page = await readFile(new URL("../docs/metrics.md", import.meta.url), "utf8");

/** What Prometheus adds, what every metric of a service has, and what a histogram has by itself. */
const UNSAID: ReadonlySet<string> = new Set([...TARGET_LABELS, "le"]);

it("docs/metrics.md lists the metrics, their kinds and labels, and no others", async () => {
  const inCode = new Set<string>();
  for (const [series, { kind, labels }] of await exposedMetrics()) {
    if (!series.startsWith("tandem_")) continue;
    const name = kind === "histogram" ? series.replace(/_(?:bucket|count|sum)$/, "") : series;
    const ofService = !/^tandem_(?:steward|verify)_/.test(name);
    const own = [...labels].filter((label) => !UNSAID.has(label) && !(ofService && label === "service"));
    inCode.add(`${name} ${kind} ${own.toSorted().join(" ")}`);
  }
  const rows = page.matchAll(/^\| `(tandem_\w+)` +\| (\w+) +\|([^|]*)\|/gm);
  const inPage = [...rows].map(([, name, kind, labels = ""]) => {
    const own = [...labels.matchAll(/`(\w+)`/g)].map(([, label = ""]) => label);
    return `${name} ${kind} ${own.toSorted().join(" ")}`;
  });
  expect(inPage.toSorted()).toEqual([...inCode].toSorted());
});
