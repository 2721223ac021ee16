/** `tandem steward`: its arguments, its settings, and how its report is shown. */
import { parseArgs } from "node:util";
import { describeSettings, openLog, readSettings, refuseFaults, runtimeSettings } from "@tandem/runtime/admin";
import type { Command } from "../command.ts";
import { readTopology } from "../topology.ts";
import { isInOrder, runOnce } from "./once.ts";
import { reportText } from "./report-text.ts";
import { runSteward } from "./steward.ts";

const { NATS_URL, DATABASE_URL, HTTP_HOST, HTTP_PORT, LOG_LEVEL, LOG_FILE } = runtimeSettings({ httpPort: 0 });
const SETTINGS = {
  NATS_URL,
  DATABASE_URL: {
    ...DATABASE_URL,
    description: "The PostgreSQL database of the services, with a role that is a member of theirs: tandem_steward.",
  },
  HTTP_HOST,
  HTTP_PORT: { ...HTTP_PORT, description: "The port of health and metrics; 0 takes a free one." },
  LOG_LEVEL,
  LOG_FILE,
};

const HELP = `Looks after a running system until it is told to stop (SIGTERM). Any number may run at once.

  tandem steward [--topology FILE] [--once [--json]]

  - a dead letter for every message that the server gave up, however its process ended
  - history: weeks made ahead, and dropped when nothing can come again
  - the reconciler: what a stream lost is published again; what nobody published is reported

  --topology FILE   what codegen wrote; default generated/topology.json
  --once            does everything once, reports, and exits: 0 in order, 1 not
  --json            the report as JSON

Environment variables (an empty one counts as not set; DATABASE_URL_FILE names a file that holds DATABASE_URL):

${describeSettings(SETTINGS)}
`;

export const stewardCommand: Command = {
  help: HELP,
  async run(argv, { env, print, whenTold }) {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        topology: { type: "string", default: "generated/topology.json" },
        once: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    const topology = readTopology(values.topology);
    const { values: settings, faults } = readSettings(SETTINGS, env);
    refuseFaults(faults);
    const { NATS_URL: natsUrls, DATABASE_URL: databaseUrl } = settings;
    if (values.once) {
      // Its report says everything; the lines of a log would stand in it.
      const log = openLog({ service: "steward", level: "silent", file: settings.LOG_FILE });
      const report = await runOnce({ topology, natsUrls, databaseUrl, log });
      print(values.json ? JSON.stringify(report, null, 2) : reportText(report));
      return isInOrder(report) ? 0 : 1;
    }
    const log = openLog({ service: "steward", level: settings.LOG_LEVEL, file: settings.LOG_FILE });
    const signal = whenTold?.() ?? new AbortController().signal;
    await runSteward({
      topology,
      natsUrls,
      databaseUrl,
      host: settings.HTTP_HOST,
      port: settings.HTTP_PORT,
      log,
      signal,
    });
    return 0;
  },
};
