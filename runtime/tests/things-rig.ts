/** A test system of the things contract, on the servers of a test. */
import { afterEach } from "vitest";
import { systemClock } from "../clock.ts";
import { withoutBrokerHeaders } from "../events/headers.ts";
import { openAdmin, type StoredMessage } from "../nats/admin.ts";
import type { ServiceOptions } from "../service/service-options.ts";
import type { SettingDeclarations } from "../settings/setting.ts";
import { startTestSystem, type OutsideOrigin } from "../testing/index.ts";
import {
  thingsContract,
  type MakerPublishes,
  type TakerHandlers,
  type TakerPublishes,
  type ThingsDelivery,
} from "./things-contract.ts";

/** The servers that a rig stands on. */
export interface RigServers {
  readonly natsUrl: string;
  readonly databaseUrl: string;
}

/** A cause for what a test publishes. */
export const cause = { correlationId: "req-1", causationId: "req-1" };

let rigs = 0;

/** A contract of its own with its streams and durables; everything started through it is stopped by `close`. */
export async function openRig({ natsUrl, databaseUrl }: RigServers, thingsDelivery: ThingsDelivery = {}) {
  rigs += 1;
  const contract = thingsContract(String(rigs), thingsDelivery);
  // These tests are about the runtime: they see the names of the wire, and live in the time of the machine.
  const system = await startTestSystem({ natsUrl, databaseUrl, namespace: "", clock: systemClock });
  await system.provision(contract.maker, contract.taker);
  const admin = await openAdmin({ servers: [natsUrl] });
  const { start } = system;

  return {
    contract,
    system,
    admin,
    start,
    /** What tells a process of the rig's contract: see things-main.ts. */
    env: {
      NATS_URL: natsUrl,
      DATABASE_URL: system.databaseUrl,
      THINGS_ID: String(rigs),
      THINGS_DELIVERY: JSON.stringify(thingsDelivery),
    },
    /** Starts the service that publishes things, and waits until it works. */
    async startMaker(
      options: Partial<ServiceOptions<{ thingTaken(): void }, MakerPublishes, SettingDeclarations>> = {},
    ) {
      const maker = await start(contract.maker, { handlers: { thingTaken: () => undefined }, ...options });
      await maker.ready;
      return maker;
    },
    /** Starts a service that takes things, and waits until it reads. */
    async startTaker(
      thingMade: TakerHandlers["thingMade"],
      options: Partial<ServiceOptions<TakerHandlers, TakerPublishes, SettingDeclarations>> = {},
    ) {
      const taker = await start(contract.taker, { handlers: { thingMade }, ...options });
      await taker.ready;
      return taker;
    },
    /** Publishes a message as any stranger could. */
    publishRaw: async (body: unknown, headers: Readonly<Record<string, string>>, messageId?: string) =>
      system.publishRaw({ subject: contract.thingMadeV1.subject, body, headers, ...(messageId && { messageId }) }),
    /** Publishes a thing as its maker would. */
    publishThing: async (thing_id: string, origin: OutsideOrigin = {}, count = 1) =>
      system.publish(contract.thingMade, { thing_id, count }, { correlationId: `c-${thing_id}`, ...origin }),
    /** Publishes a dead letter of the taker again, as `tandem dead-letters replay` does. */
    replay: async (letter: StoredMessage | undefined, headers: Readonly<Record<string, string>>) =>
      system.publishRaw({
        subject: `replay.${contract.taker.name}-thingMade-v1`,
        body: letter?.data ?? "there is no such dead letter",
        headers: { ...withoutBrokerHeaders(letter?.headers ?? {}), ...headers },
        messageId: `replay:${headers["replay-id"]}`,
      }),
    /** The dead letters of the taker. */
    async deadLetters(): Promise<StoredMessage[]> {
      const letters = await system.deadLettered({ service: contract.taker.name, channel: "thingMade" });
      return letters.map(({ stored }) => stored);
    },
    /** The stored messages of the rig's stream, in order. */
    stored: async (): Promise<StoredMessage[]> => Array.fromAsync(admin.readStream(contract.stream, { follow: false })),
    settled: async () => system.settled({ deadlineMs: 60_000 }),
    /** The same, when the taker runs in processes of its own. */
    settledElsewhere: async (deadlineMs = 60_000) => system.settled({ deadlineMs, elsewhere: [contract.taker] }),
    /** Rows of a statement run by the database's owner. */
    rows: async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
      (await system.database(contract.taker).query<Row>(sql, values)).rows,
    async close(): Promise<void> {
      await admin.close();
      await system.stop({ ignoreDeadLetters: true });
    },
  };
}

export type Rig = Awaited<ReturnType<typeof openRig>>;

/** Makes rigs for the tests of a file, and closes them after each. Call it while the file is collected. */
export function rigsForTests(): (servers: RigServers, delivery?: ThingsDelivery) => Promise<Rig> {
  const opened: Rig[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(async (rig) => rig.close()));
  });
  return async (servers, delivery) => {
    const rig = await openRig(servers, delivery);
    opened.push(rig);
    return rig;
  };
}

/** The reasons in an answer of `/health/ready`. */
export async function reasonsOf(response: Response): Promise<string[]> {
  const body: unknown = await response.json();
  const reasons: unknown = typeof body === "object" && body !== null && "reasons" in body ? body.reasons : undefined;
  return Array.isArray(reasons) ? reasons.map(String) : [];
}
