import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { createStewardMetrics } from "../ops/steward/metrics.ts";
import { createMetrics } from "../runtime/metrics.ts";

const page = await readFile(new URL("../docs/metrics.md", import.meta.url), "utf8");

it("docs/metrics.md lists the metrics, their kinds and no others", async () => {
  const text = (await createMetrics("any").render()) + (await createStewardMetrics().render());
  const inCode = [...text.matchAll(/^# TYPE (tandem_\w+) (\w+)$/gm)].map(([, name, kind]) => `${name} ${kind}`);
  const inPage = [...page.matchAll(/^\| `(tandem_\w+)` +\| (\w+) +\|/gm)].map(([, name, kind]) => `${name} ${kind}`);
  expect(inPage.toSorted()).toEqual(inCode.toSorted());
});
