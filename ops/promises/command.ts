/** `tandem promises`: its arguments, and how its answer is shown. */
import { parseArgs } from "node:util";
import { databaseUrlOf, natsUrlOf } from "../addresses.ts";
import type { Command } from "../command.ts";
import { readTopology } from "../topology.ts";
import { collectFacts } from "./collect.ts";
import type { State, SystemPromise } from "./promise.ts";
import { promisesOf } from "./promises.ts";

const HELP = `Says in plain words what the running configuration promises, what would be lost in which event, and what to set.

  tandem promises [--topology FILE] [--monitor URL] [--strict] [--json]

  --topology FILE   what codegen wrote; default generated/topology.json
  --monitor URL     the monitoring address of a NATS server, such as http://127.0.0.1:8222: only there it
                    tells when it writes to the disk what it has acknowledged
  --strict          exit code 1 unless everything is known and nothing can be lost by a loss of power
  --json            the same as JSON

  NATS_URL          the server; default nats://127.0.0.1:4222
  DATABASE_URL      the services' database
`;

export const promisesCommand: Command = {
  help: HELP,
  async run(argv, { env, print }) {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        topology: { type: "string", default: "generated/topology.json" },
        monitor: { type: "string" },
        strict: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    const facts = await collectFacts(readTopology(values.topology), {
      natsUrl: natsUrlOf(env),
      monitorUrl: values.monitor,
      databaseUrl: databaseUrlOf(env),
    });
    const promises = promisesOf(facts);
    print(values.json ? JSON.stringify(promises, null, 2) : promises.map(inWords).join("\n\n"));
    const unsafe = promises.some(({ id, state }) => state === "unknown" || (state === "window" && /power/.test(id)));
    return values.strict && unsafe ? 1 : 0;
  },
};

const WORDS: Readonly<Record<State, string>> = { kept: "kept    ", window: "window  ", unknown: "unknown " };

function inWords({ when, state, then, set }: SystemPromise): string {
  return [
    `${WORDS[state]} When ${when}:`,
    `         ${then}`,
    ...(set === undefined ? [] : [`         Set ${set}`]),
  ].join("\n");
}
