/** `tandem provision`: its arguments, and how its result is shown. */
import { parseArgs } from "node:util";
import { provisionDatabase, type ServiceDatabase } from "@tandem/runtime/admin";
import type { Command } from "../command.ts";
import { readTopology, servicesOf } from "../topology.ts";
import type { Change, FieldChange } from "./plan.ts";
import { type Provisioned, provision } from "./provision.ts";

const HELP = `Makes the streams and durable consumers of a NATS server equal to the contract. Idempotent.

  tandem provision [--dry-run] [--topology FILE] [--server KEY] [--json]

  --dry-run         says what it would do and does nothing
  --topology FILE   what codegen wrote; default generated/topology.json
  --server KEY      the contract's server whose replicas apply; default development, or the only one
  --json            the result as JSON

  NATS_URL          the server; default nats://127.0.0.1:4222
  DATABASE_URL      when set, a role and a schema for each service are made there too, and a role for
                    the steward, who may act for each of them; the connection string of each is
                    printed; a role that may create roles
`;

export const provisionCommand: Command = {
  name: "provision",
  summary: "makes streams and durables equal to the contract",
  help: HELP,
  async run(argv, { env, print }) {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        "dry-run": { type: "boolean", default: false },
        topology: { type: "string", default: "generated/topology.json" },
        server: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
    const topology = readTopology(values.topology);
    const dryRun = values["dry-run"];
    const result = await provision(topology, {
      natsUrl: env["NATS_URL"] ?? "nats://127.0.0.1:4222",
      server: values.server,
      dryRun,
    });
    const adminUrl = env["DATABASE_URL"];
    const databases = adminUrl && !dryRun ? await provisionDatabase(adminUrl, servicesOf(topology)) : [];
    print(values.json ? JSON.stringify({ ...result, databases }, null, 2) : inWords(result, databases, dryRun));
    return result.changes.some(({ kind }) => kind === "refused") ? 1 : 0;
  },
};

const WORDS: Readonly<Record<Change["kind"], { readonly done: string; readonly planned: string }>> = {
  create: { done: "created", planned: "would create" },
  update: { done: "updated", planned: "would update" },
  unchanged: { done: "unchanged", planned: "unchanged" },
  refused: { done: "refused", planned: "would refuse" },
  unknown: { done: "unknown", planned: "unknown" },
};

/** Of a list, what comes and what goes: a stream has more subjects than anybody compares by eye. */
function difference({ from, to }: FieldChange): string {
  if (!Array.isArray(from) || !Array.isArray(to)) return `${JSON.stringify(from)} → ${JSON.stringify(to)}`;
  const added = to.filter((member) => !from.includes(member)).map((member) => `added ${String(member)}`);
  const removed = from.filter((member) => !to.includes(member)).map((member) => `removed ${String(member)}`);
  return [...added, ...removed].join(", ");
}

function inWords(
  { server, address, changes }: Provisioned,
  databases: readonly ServiceDatabase[],
  dryRun: boolean,
): string {
  const lines = changes
    .filter(({ kind }) => kind !== "unchanged")
    .flatMap(({ kind, resource, name, fields, reason, backlog }) => [
      `${WORDS[kind][dryRun ? "planned" : "done"]} ${resource} ${name}${reason === undefined ? "" : `: ${reason}`}`,
      ...(backlog === undefined ? [] : [`    begins with the ${backlog} messages that are stored already`]),
      ...fields.map((change) => `    ${change.field}: ${difference(change)}`),
    ]);
  const unchanged = changes.filter(({ kind }) => kind === "unchanged").length;
  const logins = databases.map(({ service, url }) => `role for ${service}: ${url}`);
  return [
    ...lines,
    ...logins,
    `${address} (${server}): ${unchanged} of ${changes.length} were as the contract says`,
  ].join("\n");
}
