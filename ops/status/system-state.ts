/** What a running system looks like from outside: streams, durables, outboxes, dead letters, as data. */
import type { Admin, DurablePriority, Store, StreamPeer } from "@tandem/runtime/admin";
import { holdsDeadLetters } from "../dead-letter-stream.ts";
import { desiredDurable } from "../provision/desired.ts";
import { changedFields, type FieldChange } from "../provision/plan.ts";
import type { Topology } from "../topology.ts";
import { type OutboxState, type ParkedState, readDatabaseState } from "./database-state.ts";

/** A stream of the contract. */
export interface StreamState {
  readonly stream: string;
  /** False when the server does not have it. */
  readonly exists: boolean;
  readonly messages: number;
  readonly bytes: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
  /** Who stores it, the leader first; empty where the server tells nothing of it. */
  readonly peers: readonly StreamPeer[];
}

/** A durable of the contract. */
export interface DurableState {
  readonly stream: string;
  readonly durable: string;
  readonly service: string;
  readonly event: string;
  readonly version: number;
  /** False when the server does not have it. */
  readonly exists: boolean;
  /** Not delivered yet. */
  readonly pending: number;
  /** Delivered, not settled. */
  readonly ackPending: number;
  readonly redelivered: number;
  /** Pulls that wait for messages: above 0, somebody reads. */
  readonly waitingPulls: number;
  /** Until when it delivers nothing, ISO 8601; null while it delivers. */
  readonly pausedUntil: string | null;
  /** Which of its readers the server gives messages to; null: whoever asked first. */
  readonly priority: DurablePriority | null;
  /** What is not as the contract says: provisioning would make it so. */
  readonly differs: readonly FieldChange[];
  /** Something was redelivered and nobody has anything in hand: messages may have used up their deliveries. */
  readonly exhausted: boolean;
}

/** Dead letters of one kind. */
export interface DeadLetterCount {
  readonly service: string;
  readonly channel: string;
  /** `v1` */
  readonly version: string;
  readonly letters: number;
}

/** The whole system at one moment. */
export interface SystemState {
  /** ISO 8601. */
  readonly at: string;
  readonly server: { readonly address: string; readonly version: string; readonly cluster: string | null };
  readonly streams: readonly StreamState[];
  readonly durables: readonly DurableState[];
  /** Undefined when no database was named. */
  readonly outboxes: readonly OutboxState[] | undefined;
  /** Of each event that is read in the order of its keys. Undefined when no database was named. */
  readonly parked: readonly ParkedState[] | undefined;
  readonly deadLetters: readonly DeadLetterCount[];
}

/** Reads the state of a system. Without a store the outboxes are left out. */
export async function readSystemState(
  topology: Topology,
  admin: Admin,
  store: Store | undefined,
  now: number = Date.now(),
): Promise<SystemState> {
  const streams = await Promise.all(topology.streams.map(async ({ name }) => readStream(admin, name)));
  const others = await Promise.all((topology.otherStreams ?? []).map(async ({ name }) => readStream(admin, name)));
  const there = new Set([...streams, ...others].filter(({ exists }) => exists).map(({ stream }) => stream));
  const letters = topology.streams.find(holdsDeadLetters);
  const { address, version, cluster = null } = admin.server;
  const database = store && (await readDatabaseState(topology, store));
  return {
    at: new Date(now).toISOString(),
    server: { address, version, cluster },
    streams,
    durables: await readDurables(topology, admin, there, now),
    outboxes: database?.outboxes,
    parked: database?.parked,
    deadLetters: letters !== undefined && there.has(letters.name) ? await countLetters(admin, letters.name) : [],
  };
}

async function readStream(admin: Admin, stream: string): Promise<StreamState> {
  const info = await admin.stream(stream);
  const { messages = 0, bytes = 0, firstSequence = 0, lastSequence = 0, peers = [] } = info ?? {};
  return { stream, exists: info !== undefined, messages, bytes, firstSequence, lastSequence, peers };
}

async function readDurables(
  topology: Topology,
  admin: Admin,
  there: ReadonlySet<string>,
  now: number,
): Promise<readonly DurableState[]> {
  const running = await Promise.all([...there].map(async (stream) => admin.durables(stream)));
  const infos = new Map(running.flat().map((info) => [`${info.stream} ${info.name}`, info]));
  return topology.consumers.map((consumer) => {
    const { stream, durable, service, event, version } = consumer;
    const info = infos.get(`${stream} ${durable}`);
    const { pending = 0, ackPending = 0, redelivered = 0, waitingPulls = 0, pausedForMs = 0 } = info ?? {};
    return {
      stream,
      durable,
      service,
      event,
      version,
      exists: info !== undefined,
      pending,
      ackPending,
      redelivered,
      waitingPulls,
      pausedUntil: pausedForMs > 0 ? new Date(now + pausedForMs).toISOString() : null,
      priority: info?.settings.priority ?? null,
      differs: info === undefined ? [] : changedFields(desiredDurable(topology, consumer).settings, info.settings),
      exhausted: redelivered > 0 && ackPending === 0,
    };
  });
}

async function countLetters(admin: Admin, stream: string): Promise<readonly DeadLetterCount[]> {
  const counts = await admin.countSubjects(stream, "dead.>");
  return [...counts]
    .map(([subject, letters]) => {
      const [, service = "", channel = "", version = ""] = subject.split(".");
      return { service, channel, version, letters };
    })
    .sort((a, b) => `${a.service} ${a.channel}`.localeCompare(`${b.service} ${b.channel}`));
}
