import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { createStewardMetrics } from "../ops/steward/metrics.ts";
import { createVerifyMetrics } from "../ops/verify/metrics.ts";
import { createMetrics } from "../runtime/metrics.ts";

const page = await readFile(new URL("../docs/metrics.md", import.meta.url), "utf8");

it("docs/metrics.md lists the metrics, their kinds and no others", async () => {
  const kinds = [createMetrics("any"), createStewardMetrics(), createVerifyMetrics()];
  const text = (await Promise.all(kinds.map((metrics) => metrics.render()))).join("");
  const inCode = [...text.matchAll(/^# TYPE (tandem_\w+) (\w+)$/gm)].map(([, name, kind]) => `${name} ${kind}`);
  const inPage = [...page.matchAll(/^\| `(tandem_\w+)` +\| (\w+) +\|/gm)].map(([, name, kind]) => `${name} ${kind}`);
  expect(inPage.toSorted()).toEqual(inCode.toSorted());
});
