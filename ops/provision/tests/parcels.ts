/** A small system to provision: a depot that sends parcels, and a desk that reads of them. */
import { type Admin, type DurableInfo, openAdmin } from "@tandem/runtime/admin";
import { onTestFinished } from "vitest";
import { withJetStream } from "../../../lab/servers/jetstream-session.ts";
import { readAllowed } from "../allow.ts";
import { provision, type Provisioned } from "../provision.ts";
import type { Topology, TopologyConsumer, TopologyStream } from "../../topology.ts";

export const STREAM = "PARCELS";
export const DESK = "desk-parcelSent-v1";
export const SENT = "parcels.sent.v1";
export const LOST = "parcels.lost.v1";

const parcelStream: TopologyStream = {
  name: STREAM,
  owner: "depot",
  subjects: [SENT, LOST, `replay.${DESK}`],
  maxAgeMs: 86_400_000,
  duplicateWindowMs: 1_000,
  servers: { development: { replicas: 1, atomicBatches: false } },
};

const deskConsumer: TopologyConsumer = {
  stream: STREAM,
  durable: DESK,
  service: "desk",
  channel: "parcelSent",
  event: "parcels.sent",
  version: 1,
  filterSubjects: [SENT, `replay.${DESK}`],
  deadLetterSubject: "dead.desk.parcelSent.v1",
  replaySubject: `replay.${DESK}`,
  orderedByKey: false,
  ackWaitMs: 30_000,
  maxAttempts: 5,
  maxDeliver: 8,
  maxAckPending: 1_000,
};

/** The topology, where a test wants it otherwise. */
export function parcels(
  changes: {
    readonly contract?: string;
    readonly version?: string;
    readonly stream?: Partial<TopologyStream>;
    readonly consumer?: Partial<TopologyConsumer>;
    readonly messages?: Topology["messages"];
  } = {},
): Topology {
  return {
    format: 2,
    contract: changes.contract ?? "Parcels",
    contractVersion: changes.version ?? "1.0.0",
    streams: [{ ...parcelStream, ...changes.stream }],
    consumers: [{ ...deskConsumer, ...changes.consumer }],
    messages: changes.messages ?? [],
  };
}

/** Of an event, what a topology says of one version. */
export function messageOf(subject: string, version: number): Topology["messages"][number] {
  const [, name = ""] = subject.split(".");
  return {
    channel: name,
    event: `parcels.${name}`,
    version,
    type: subject,
    subject,
    stream: STREAM,
    key: "/parcel_id",
    schema: "schema.json",
    sensitive: [],
  };
}

/** A server for one test: it provisions, publishes, and takes messages from the desk's durable. */
export async function parcelServer(natsUrl: string) {
  const admin: Admin = await openAdmin({ servers: [natsUrl] });
  onTestFinished(() => admin.close());
  let published = 0;
  const desk = async (): Promise<DurableInfo> => {
    const info = await admin.durable(STREAM, DESK);
    if (info === undefined) throw new Error("the desk has no durable");
    return info;
  };
  return {
    admin,
    desk,
    provision: async (topology: Topology, ...allow: string[]): Promise<Provisioned> =>
      provision(topology, { natsUrl, allowed: readAllowed(allow) }),
    plan: async (topology: Topology, ...allow: string[]): Promise<Provisioned> =>
      provision(topology, { natsUrl, dryRun: true, allowed: readAllowed(allow) }),
    async publish(subject: string, count = 1): Promise<void> {
      for (let index = 0; index < count; index += 1) {
        published += 1;
        const message = { subject, headers: {}, data: new TextEncoder().encode("{}"), messageId: `m${published}` };
        await admin.publish(message);
      }
    },
    /** Takes messages for the desk, and acknowledges the first of them; answers where it is then. */
    async take(count: number, acknowledged: number): Promise<DurableInfo> {
      await withJetStream(natsUrl, async ({ connection, jetstream }) => {
        const consumer = await (await jetstream()).jetstream().consumers.get(STREAM, DESK);
        let taken = 0;
        for await (const message of await consumer.fetch({ max_messages: count, expires: 5_000 })) {
          taken += 1;
          if (taken <= acknowledged) await message.ackAck();
          if (taken === count) break;
        }
        await connection.flush();
      });
      return desk();
    },
  };
}

/** Where a durable is: what a provisioning must never move. */
export function placeOf({ deliveredSequence, settledSequence, pending, ackPending }: DurableInfo) {
  return { deliveredSequence, settledSequence, pending, ackPending };
}

/** The change of one stream or durable. */
export function changeOf({ changes }: Provisioned, name: string): Provisioned["changes"][number] | undefined {
  return changes.find((change) => change.name === name);
}
