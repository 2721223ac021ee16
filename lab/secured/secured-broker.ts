/** A broker where everybody logs in with a key of their own and may do only what the contract says, over TLS. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeCertificates } from "../../ops/keys/certificates.ts";
import { makeMissingKeys, readPublicKeys, seedFile } from "../../ops/keys/key-folder.ts";
import { accountsConfig, BORROWED_API } from "../../ops/permissions/accounts-config.ts";
import { identitiesOf, inboxOf, TOOLS } from "../../ops/permissions/identities.ts";
import { permissionsOf } from "../../ops/permissions/permissions.ts";
import { authorizationConfig } from "../../ops/permissions/server-config.ts";
import type { Topology } from "../../ops/topology.ts";
import { type NatsServer, startNatsServer } from "../servers/nats-server.ts";

export interface SecuredBroker {
  readonly server: NatsServer;
  /** Where the seeds and public keys are. */
  readonly keys: string;
  /** The certificate of the authority. */
  readonly ca: string;
  /** For `NATS_URL` of one identity. */
  urlOf(identity: string): string;
  /** Makes the server take over the keys as they are now, without a restart. */
  reload(): Promise<void>;
}

/**
 * Starts it with a key for every identity of a system.
 * @param directory For the secrets; its own, and kept.
 * @param options `accounts`: one for all, or one for each service. Default one.
 */
export async function startSecuredBroker(
  topology: Topology,
  directory: string,
  { accounts = "one" }: { readonly accounts?: "one" | "each" } = {},
): Promise<SecuredBroker> {
  const [keys, tls] = [join(directory, "nats"), join(directory, "tls")];
  makeMissingKeys(keys, identitiesOf(topology));
  // For an address the client looks for the name localhost.
  await makeCertificates(tls, ["localhost", "127.0.0.1"]);
  // What a configuration includes is looked for beside it.
  const home = join(directory, "server");
  const writeAuthorization = async (): Promise<void> => {
    const known = readPublicKeys(keys);
    const isOne = accounts === "one";
    const config = isOne ? authorizationConfig(permissionsOf(topology), known) : accountsConfig(topology, known);
    await writeFile(join(home, "authorization.conf"), config);
  };
  await mkdir(home);
  await writeAuthorization();
  const server = await startNatsServer({
    directory: home,
    config: [
      `tls { cert_file: "${join(tls, "server.pem")}", key_file: "${join(tls, "server.key")}" }`,
      `include "authorization.conf"`,
      "",
    ].join("\n"),
  });
  const ca = join(tls, "ca.pem");
  return {
    server,
    keys,
    ca,
    urlOf: (identity) => {
      const borrowed = accounts === "each" && !Object.hasOwn(TOOLS, identity) ? `&api=${BORROWED_API}` : "";
      return `tls://127.0.0.1:${server.port}?ca=${ca}&nkey=${seedFile(keys, identity)}&inbox=${inboxOf(identity)}${borrowed}`;
    },
    reload: async () => {
      await writeAuthorization();
      process.kill(server.pid, "SIGHUP");
    },
  };
}
