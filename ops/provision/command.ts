/** `tandem provision`: its arguments. */
import { parseArgs } from "node:util";
import { provisionDatabase, type ServiceDatabase } from "@tandem/runtime/admin";
import { databaseUrlOf, natsUrlOf } from "../addresses.ts";
import type { Command } from "../command.ts";
import { readTopology, servicesOf } from "../topology.ts";
import { UsageError } from "../usage-error.ts";
import { readAllowed } from "./allow.ts";
import { withPatience } from "./patience.ts";
import { provision } from "./provision.ts";
import { differs, provisionText } from "./provision-text.ts";

const HELP = `Makes the streams and durable consumers of a NATS server equal to the contract. Idempotent.

  tandem provision [--dry-run | --check] [--allow CHANGE]... [--topology FILE] [--server KEY]
                   [--wait SECONDS] [--no-passwords] [--json]

  --dry-run         says what it would do and does nothing
  --check           the same, and exits with 1 when the server differs from the contract, or when somebody
                    set something by hand that hurts: for CI
  --allow CHANGE    does what is refused otherwise, because it could hurt; each refusal names what to allow:
                    subjects:ORDERS            the stream takes a subject no more
                    max-age:ORDERS             stored messages become too old at once
                    discard:ORDERS             a full stream drops what is old
                    filters:ORDERS/DURABLE     a durable reads a subject no more, or one more
                    max-deliver:ORDERS/DURABLE messages in hand may be given up
                    priority:ORDERS/DURABLE    instances of an older release are refused
                    contract:ORDERS            takes over what another contract made
                    drift:ORDERS.max_bytes     what was set by hand is meant so, for --check
                    replicas, batches          of one stream (replicas:ORDERS) or of all
                    version                    an older release of the contract than the last one
  --topology FILE   what codegen wrote; default generated/topology.json
  --server KEY      the contract's server whose replicas apply; default development, or the only one
  --wait SECONDS    tries for so long while a server is not there yet; default 0
  --no-passwords    shows connection strings without their passwords: for where what it prints is kept
  --json            the result as JSON

  NATS_URL          the server; default nats://127.0.0.1:4222
  DATABASE_URL      when set, a role and a schema for each service are made there too, and a role for
                    the steward, who may act for each of them; the connection string of each is
                    printed; a role that may create roles

It never removes a stream, a durable or a message, and never sets a durable back. When one change is refused
nothing is changed. Several at once take turns. Exit code: 0 done, 1 refused or (--check) different, 2 wrong arguments.
`;

export const provisionCommand: Command = {
  help: HELP,
  async run(argv, { env, print }) {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        "dry-run": { type: "boolean", default: false },
        check: { type: "boolean", default: false },
        allow: { type: "string", multiple: true, default: [] },
        topology: { type: "string", default: "generated/topology.json" },
        server: { type: "string" },
        wait: { type: "string", default: "0" },
        "no-passwords": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    const allowed = readAllowed(values.allow);
    if (!/^\d{1,5}$/.test(values.wait)) {
      throw new UsageError(`--wait is a whole number of seconds up to 99999, not "${values.wait}".`);
    }
    const topology = readTopology(values.topology);
    const dryRun = values["dry-run"] || values.check;
    const patience = {
      waitMs: Number(values.wait) * 1_000,
      onProblem: (problem: string) => console.error(`not yet: ${problem}`),
    };
    const natsUrl = natsUrlOf(env);
    const result = await withPatience(
      async () => provision(topology, { natsUrl, server: values.server, dryRun, allowed }),
      patience,
    );
    const adminUrl = databaseUrlOf(env);
    const made =
      adminUrl && !dryRun
        ? await withPatience(async () => provisionDatabase(adminUrl, servicesOf(topology)), patience)
        : [];
    const databases = values["no-passwords"] ? made.map(withoutPassword) : made;
    const different = differs(result.changes);
    print(
      values.json
        ? JSON.stringify({ ...result, different, databases }, null, 2)
        : provisionText(result, databases, dryRun),
    );
    if (result.changes.some(({ kind }) => kind === "refused")) return 1;
    return values.check && different ? 1 : 0;
  },
};

function withoutPassword(database: ServiceDatabase): ServiceDatabase {
  const url = new URL(database.url);
  if (url.password !== "") url.password = "***";
  return { ...database, url: url.href };
}
