/** Writes the dashboards that Grafana reads: `npm run dashboards`. */
import { writeFile } from "node:fs/promises";
import { takeNoArguments } from "../../ops/no-arguments.ts";
import { DASHBOARDS } from "./source/all.ts";
import { printDashboard } from "./source/print-dashboard.ts";

const HELP = `Writes Grafana's dashboards from deploy/grafana/source/ to deploy/grafana/dashboards/.

  npm run dashboards
`;

takeNoArguments(HELP);

for (const dashboard of DASHBOARDS) {
  const file = new URL(`dashboards/${dashboard.uid}.json`, import.meta.url);
  await writeFile(file, printDashboard(dashboard));
  console.log(`deploy/grafana/dashboards/${dashboard.uid}.json`);
}
