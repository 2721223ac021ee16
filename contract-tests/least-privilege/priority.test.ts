/** Readers of several classes who may do no more than the contract says, in one account and in one for each service. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Broker, openAdmin, openBroker, openLog } from "@tandem/runtime/admin";
import { describe, expect, it, onTestFinished } from "vitest";
import { startSecuredBroker } from "../../lab/secured/secured-broker.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { provision } from "../../ops/provision/provision.ts";
import { readTopology } from "../../ops/topology.ts";

const topology = readTopology("codegen/testdata/priority/expected/topology.json");
const STREAM = "PARCELS";
const log = openLog({ service: "test", level: "silent", file: undefined });

/** The broker of the contract with all three policies, with a login for each service. */
async function securedParcels(accounts: "one" | "each") {
  const directory = await mkdtemp(join(tmpdir(), "tandem-priority-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const secured = await startSecuredBroker(topology, directory, { accounts });
  onTestFinished(() => secured.server.stop());
  await provision(topology, { natsUrl: secured.urlOf("provisioner") });
  const admin = await openAdmin({ servers: [secured.urlOf("observer")] });
  onTestFinished(() => admin.close());
  const as = (identity: string): Broker => {
    const broker = openBroker({ servers: [secured.urlOf(identity)], name: identity, log });
    onTestFinished(() => broker.close());
    return broker;
  };
  const sender = as("sender");
  let sent = 0;
  return {
    /** Reads the durable of a service, and resolves when it waits for messages. */
    async read(service: string, priority: number) {
      const durable = `${service}-parcelSent-v1`;
      const before = (await admin.durable(STREAM, durable))?.waitingPulls ?? 0;
      const taken: number[] = [];
      const serving = { priority, overflowPending: 0, overflowAckPending: 0 };
      const options = { stream: STREAM, durable, concurrency: 1, ackWaitMs: 30_000, serving };
      const subscription = as(service).subscribe(options, async ({ sequence }) => {
        taken.push(sequence);
        return { kind: "ack" };
      });
      await eventually(async () => ((await admin.durable(STREAM, durable))?.waitingPulls ?? 0) > before);
      return { subscription, taken };
    },
    async send(): Promise<void> {
      sent += 1;
      const message = { subject: "parcels.sent.v1", headers: {}, data: new TextEncoder().encode("{}") };
      await sender.publish({ ...message, messageId: `m${sent}` });
    },
  };
}

describe.each(["one", "each"] as const)("accounts: %s", (accounts) => {
  it("a service reads by class, and an instance that stops hands its pinned durable on", async () => {
    const { read, send } = await securedParcels(accounts);
    const [second, first] = [await read("tracker", 1), await read("tracker", 0)];
    const pinned = [await read("billing", 0), await read("billing", 0)] as const;
    await send();
    await eventually(() => expect([first.taken, second.taken]).toEqual([[1], []]));
    await eventually(() => expect(pinned.flatMap(({ taken }) => taken)).toEqual([1]));
    const [active, standby] = pinned[0].taken.length > 0 ? pinned : [pinned[1], pinned[0]];

    // Its timeout of 45 seconds is longer than this waits.
    await active.subscription.stop();
    await send();
    await eventually(() => expect(standby.taken).toEqual([2]));
    expect(standby.subscription.problem).toBeUndefined();
  });
});
