/** `tandem trace`: its arguments. */
import { parseArgs } from "node:util";
import type { Command } from "../command.ts";
import { natsUrlOf, neededDatabaseUrl } from "../addresses.ts";
import { UsageError } from "../usage-error.ts";
import { readTopology } from "../topology.ts";
import { buildTrace } from "./build-trace.ts";
import { gather } from "./gather.ts";
import { traceText } from "./trace-text.ts";

const HELP = `Tells everything that happened to a key, as a tree of causes: requests and state, events with their versions and
places, who applied them and in how many runs, dead letters. Sensitive values are not shown: bodies are not read.

  tandem trace KEY | CORRELATION_ID | EVENT_ID [--topology FILE] [--json]

  --topology FILE   what codegen wrote; default generated/topology.json
  --json            the same as JSON

  NATS_URL          the server; default nats://127.0.0.1:4222
  DATABASE_URL      a role that may read the services' schemas: the administrator's, or tandem_steward's

Exit codes: 0 something is known of it; 1 nothing is, or it did not work; 2 the arguments are wrong.
`;

export const traceCommand: Command = {
  help: HELP,
  async run(argv, { env, print }) {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        topology: { type: "string", default: "generated/topology.json" },
        json: { type: "boolean", default: false },
      },
    });
    const [subject, ...more] = positionals;
    if (subject === undefined || subject === "" || more.length > 0) {
      throw new UsageError("Write tandem trace KEY: one key, correlation id or event id.");
    }
    const databaseUrl = neededDatabaseUrl(env, "what was published and applied is known there");
    const sources = await gather(readTopology(values.topology), subject, {
      natsUrl: natsUrlOf(env),
      databaseUrl,
    });
    const conversations = buildTrace(sources);
    if (values.json) print(JSON.stringify(conversations, null, 2));
    else if (conversations.length > 0) print(traceText(conversations));
    if (conversations.length > 0) return 0;
    if (!values.json) {
      print(
        `Nothing is known of ${JSON.stringify(subject)}: it is no key, correlation id or event id of an event that was published, ` +
          "or it is older than what the services keep.",
      );
    }
    return 1;
  },
};
