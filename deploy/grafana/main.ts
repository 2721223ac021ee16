/** Writes the dashboards that Grafana reads: `npm run dashboards`. */
import { writeFile } from "node:fs/promises";
import { DASHBOARDS } from "./source/all.ts";
import { printDashboard } from "./source/print-dashboard.ts";

for (const dashboard of DASHBOARDS) {
  const file = new URL(`dashboards/${dashboard.uid}.json`, import.meta.url);
  await writeFile(file, printDashboard(dashboard));
  console.log(`deploy/grafana/dashboards/${dashboard.uid}.json`);
}
