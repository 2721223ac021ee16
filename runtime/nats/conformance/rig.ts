/** What each test of the suite makes on its servers. All of it is gone when the test is over. */
import { onTestFinished } from "vitest";
import { eventually as eventuallyOfLab, type EventuallyOptions } from "../../../lab/testing/eventually.ts";
import type { Broker, Delivery, Settlement, SubscribeOptions } from "../../broker.ts";
import type { Admin, DurableRequest, StreamRequest } from "../admin-shapes.ts";
import type { BrokerOptions } from "../broker.ts";
import { adminForTest, brokerForTest, type Finish, idOf, streamForTest, subscribeForTest } from "../tests/fixtures.ts";
import type { ServerFixture } from "./server-fixture.ts";

/** What a durable has still to deliver, and to hear of. */
export interface Lag {
  readonly pending: number;
  readonly ackPending: number;
}

export const NOTHING_LEFT: Lag = { pending: 0, ackPending: 0 };

/** Elections take up to nine seconds, and there may be two. */
const PATIENCE_MS = 25_000;

/** As `eventually` of the lab, with the patience that a cluster needs. */
export async function eventually<T>(
  check: () => T | Promise<T>,
  options: EventuallyOptions = {},
): Promise<Exclude<T, false>> {
  return eventuallyOfLab(check, { deadlineMs: PATIENCE_MS, ...options });
}

/** A stream of its own, and a broker that may write to it. */
export interface StreamRig {
  readonly admin: Admin;
  readonly stream: string;
  readonly broker: Broker;
}

/** A stream with a durable. */
export interface DurableRig extends StreamRig {
  readonly durable: string;
  lag(): Promise<Lag>;
}

/** Makes what a test needs. Tests that run at the same time hand in their own `onTestFinished`. */
export function rigFor(servers: Pick<ServerFixture, "urls" | "replicas">, finish: Finish = onTestFinished) {
  const urls = servers.urls.join(",");
  const broker = (options: Partial<BrokerOptions> = {}): Broker => brokerForTest(urls, options, finish);
  const admin = (): Promise<Admin> => adminForTest(urls, finish);

  const stream = async (request: Partial<StreamRequest> = {}): Promise<StreamRig> => {
    const owner = await admin();
    const name = await streamForTest(owner, { replicas: servers.replicas, ...request });
    // Replicas that nobody needs still send heartbeats.
    finish(async () => {
      await owner.deleteStream(name).catch(() => false);
    });
    return { admin: owner, stream: name, broker: broker() };
  };

  const addDurable = async (to: StreamRig, durable: string, settings: DurableRequest = {}): Promise<DurableRig> => {
    await to.admin.createDurable(to.stream, durable, settings);
    return { ...to, durable, lag: () => lagOf(to.admin, to.stream, durable) };
  };

  return {
    broker,
    admin,
    stream,
    addDurable,
    durable: async (settings: DurableRequest = {}, request: Partial<StreamRequest> = {}) =>
      addDurable(await stream(request), "reader", settings),
    subscribe: (
      from: Broker,
      options: Pick<SubscribeOptions, "stream" | "durable"> & Partial<SubscribeOptions>,
      answer?: (delivery: Delivery) => Settlement | Promise<Settlement>,
    ) => subscribeForTest(from, options, answer, finish),
  };
}

async function lagOf(admin: Admin, stream: string, durable: string): Promise<Lag> {
  // The durable's own count of what is pending follows the stream a moment after the acknowledged publish.
  const stored = (await admin.stream(stream))?.lastSequence ?? Number.NaN;
  const { deliveredSequence = Number.NaN, ackPending = Number.NaN } = (await admin.durable(stream, durable)) ?? {};
  return { pending: stored - deliveredSequence, ackPending };
}

/** The ids of what a stream holds, in its order. */
export async function storedIds({ admin, stream }: Pick<StreamRig, "admin" | "stream">): Promise<string[]> {
  const ids: string[] = [];
  for await (const message of admin.readStream(stream, { follow: false })) ids.push(idOf(message));
  return ids;
}
