/** The reference system on a broker where everybody logs in with a key of their own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DemoOrder } from "../../lab/demo/orders.ts";
import { startSecuredBroker, type SecuredBroker } from "../../lab/secured/secured-broker.ts";
import { startSystem, type System } from "../../lab/system/system.ts";
import { seedFile } from "../../ops/keys/key-folder.ts";
import { inboxOf } from "../../ops/permissions/identities.ts";
import { readTopology } from "../../ops/topology.ts";
import { type Intruder, logIn } from "./attempts.ts";

const topology = readTopology(new URL("../../generated/topology.json", import.meta.url).pathname);
const IDENTITIES = ["order", "inventory", "payment", "steward"];

/** An order that is confirmed. */
export const TEA: DemoOrder = {
  label: "tea",
  asked: "1 packet of tea",
  items: [{ product_id: "tea-250", quantity: 1 }],
  sent: 1,
  expected: { status: "confirmed" },
};

export interface SecuredSystem {
  readonly system: System;
  readonly broker: SecuredBroker;
  /** For files of the test; removed by `stop`. */
  readonly directory: string;
  /** Logs in as somebody who has the key of an identity. */
  intruder(identity: string): Promise<Intruder>;
  stop(): Promise<void>;
}

/** Starts the broker, then the services and, where asked for, the steward, each under its own login. */
export async function startSecuredSystem(
  databaseUrl: string,
  options: { readonly accounts?: "one" | "each"; readonly steward?: boolean } = {},
): Promise<SecuredSystem> {
  const directory = await mkdtemp(join(tmpdir(), "tandem-secured-"));
  const broker = await startSecuredBroker(topology, directory, options);
  const end = async (): Promise<void> => {
    await broker.server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const system = await startSystem({
      natsUrl: broker.urlOf("provisioner"),
      databaseUrl,
      directory,
      steward: options.steward === true,
      env: Object.fromEntries(IDENTITIES.map((name) => [name, { NATS_URL: broker.urlOf(name) }])),
    });
    return {
      system,
      broker,
      directory,
      intruder: (identity) => {
        const { keys, ca, server } = broker;
        return logIn({ port: server.port, ca, seed: seedFile(keys, identity), inbox: inboxOf(identity) });
      },
      stop: async () => {
        await system.stop();
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}
