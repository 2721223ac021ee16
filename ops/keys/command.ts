/** `tandem keys`: its arguments. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Command } from "../command.ts";
import { OpsError } from "../error.ts";
import { identitiesOf, inboxOf } from "../permissions/identities.ts";
import { readTopology, servicesOf } from "../topology.ts";
import { didYouMean, UsageError } from "../usage-error.ts";
import { makeDatabaseLogins } from "./database-logins.ts";
import { openForContainers } from "./for-containers.ts";
import { makeMissingKeys, rotateKey, retireKey, seedFile } from "./key-folder.ts";

const HELP = `Makes the keys that services and tools log in to NATS with, and the certificates of the servers.

  tandem keys [--topology FILE] [--secrets DIR] [--host NAME]... [--no-tls] [--database URL] [--for-containers]
                       makes what is missing; what is there stays
  tandem keys rotate IDENTITY
                       a new key, beside the old one
  tandem keys retire IDENTITY
                       forgets the old key

  --topology FILE   what codegen wrote; default generated/topology.json
  --secrets DIR     where they are; default secrets. Keep it out of the repository
  --host NAME       a name or address under which clients reach the servers; default localhost and 127.0.0.1
  --no-tls          no certificates: there is another authority
  --database URL    also the administrator's password of this PostgreSQL, and the URL of each service and of the
                    steward with the password of its role, in DIR/postgres: for DATABASE_URL_FILE. The URL names the
                    administrator and no password. \`tandem provision\` makes the roles
  --for-containers  each file may be read by whoever is given it, and only its owner may enter the folder where it is:
                    a container runs as another user, and has nothing but the files that are mounted into it

Rotation without a pause: rotate; \`tandem permissions\` into the servers' configuration and reload them; give the
service its new file, which it reads when it connects next; restart its replicas one by one; retire; reload again.
`;

const DEFAULT_HOSTS = ["localhost", "127.0.0.1"];

export const keysCommand: Command = {
  help: HELP,
  async run(argv, { print }) {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        topology: { type: "string", default: "generated/topology.json" },
        secrets: { type: "string", default: "secrets" },
        host: { type: "string", multiple: true },
        "no-tls": { type: "boolean", default: false },
        database: { type: "string" },
        "for-containers": { type: "boolean", default: false },
      },
    });
    const folder = join(values.secrets, "nats");
    const [verb, identity, ...more] = positionals;
    if (verb === undefined) {
      const topology = readTopology(values.topology);
      const identities = identitiesOf(topology);
      const made = makeMissingKeys(folder, identities);
      for (const each of made) print(`made ${seedFile(folder, each)}`);
      const tls = join(values.secrets, "tls");
      if (!values["no-tls"]) await makeTls(tls, values.host ?? DEFAULT_HOSTS, print);
      if (values.database !== undefined) {
        const files = makeDatabaseLogins(join(values.secrets, "postgres"), values.database, servicesOf(topology));
        for (const file of files) print(`made ${file}`);
      }
      if (values["for-containers"]) openForContainers(values.secrets);
      const ca = values["no-tls"] ? "" : `ca=${join(tls, "ca.pem")}&`;
      print(
        `${identities.length} identities; behind NATS_URL of each: ?${ca}nkey=${seedFile(folder, "IDENTITY")}&inbox=${inboxOf("IDENTITY")}`,
      );
      return 0;
    }
    if ((verb !== "rotate" && verb !== "retire") || identity === undefined || more.length > 0) {
      const meant = didYouMean(verb, ["rotate", "retire"]);
      throw new UsageError(`Write tandem keys, tandem keys rotate IDENTITY, or tandem keys retire IDENTITY.${meant}`);
    }
    if (verb === "rotate") {
      rotateKey(folder, identity);
      print(`${seedFile(folder, identity)} is new; until \`tandem keys retire ${identity}\` the old key works too`);
      return 0;
    }
    if (!retireKey(folder, identity)) throw new OpsError(`${identity} has no old key.`);
    print(`the old key of ${identity} is forgotten; it works until the servers are told: tandem permissions`);
    return 0;
  },
};

async function makeTls(folder: string, hosts: readonly string[], print: (text: string) => void): Promise<void> {
  // Loads slowly, and most commands need none of it.
  const { makeCertificates, VALID_DAYS } = await import("./certificates.ts");
  const { authority, server } = await makeCertificates(folder, hosts);
  if (authority) print(`made ${join(folder, "ca.pem")}, an authority of one's own, for ${VALID_DAYS.authority} days`);
  if (server) print(`made ${join(folder, "server.pem")} for ${hosts.join(", ")}, for ${VALID_DAYS.server} days`);
}
