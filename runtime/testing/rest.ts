/** Whether a test system is at rest, and what moves when it is not. */
import { setTimeout as pause } from "node:timers/promises";
import { replaySubjectOf } from "../broker.ts";
import type { ServiceDescriptor } from "../descriptors.ts";
import type { DurableInfo } from "../nats/admin-shapes.ts";
import { TestingError } from "./errors.ts";
import { isHeld, type DeliveryInHand } from "./work-in-hand.ts";
import { wordsOf } from "../words-of.ts";

/** One durable that a running service reads. */
export interface Reader {
  readonly service: string;
  readonly stream: string;
  readonly durable: string;
  readonly subjects: readonly string[];
  /** Every durable that shares the concurrency: the versions of one event. */
  readonly group: readonly string[];
  readonly concurrency: number;
}

/** The readers of a service. */
export function readersOf({ name: service, handles }: ServiceDescriptor): Reader[] {
  return Object.values(handles).flatMap(({ event, durables, concurrency }) =>
    durables.map((durable) => ({
      service,
      stream: event.stream,
      durable: durable.name,
      subjects: [durable.message.subject, replaySubjectOf(durable)],
      group: durables.map(({ name }) => name),
      concurrency,
    })),
  );
}

/** What is looked at. Times as of the call. */
export interface RestSources {
  /** Of each service that was ever started: events that are not on their stream, and how many of them were refused. */
  outboxes(): Promise<readonly { readonly service: string; readonly rows: number; readonly refused: number }[]>;
  /** Of each service: keys of which an event is parked that nothing but the service itself keeps there. */
  parked(): Promise<readonly { readonly service: string; readonly keys: number }[]>;
  /** Reads what is new on the streams, and answers their last sequences. */
  refresh(): Promise<readonly (readonly [stream: string, sequence: number])[]>;
  readers(): readonly Reader[];
  durables(stream: string): Promise<readonly DurableInfo[]>;
  lastOf(stream: string, subjects: readonly string[]): number;
  inHand(stream: string, durable: string): readonly DeliveryInHand[];
  jobs(): readonly string[];
  /** Whether sleeping deliveries wait for the test: the clock is one that it moves. */
  readonly clockIsMoved: boolean;
  /** What a service logged last, in a line; undefined when it said nothing of weight. */
  lastWords(service: string): string | undefined;
}

/** How long and for what to wait. */
export interface SettledOptions extends RestOptions {
  /** Services that run in other processes, on this system's streams and database: they are waited for as well. */
  readonly elsewhere?: readonly ServiceDescriptor[];
}

/** How to wait for what is looked at. */
interface RestOptions {
  /** Whether deliveries may be left that wait: for something that does not answer, or for the clock. False when absent. */
  readonly allowHeld?: boolean;
  /** 15 s when absent. */
  readonly deadlineMs?: number;
}

/** One look at the system. */
interface Look {
  /** What goes on by itself, in words; and of which services. */
  readonly moving: readonly string[];
  /** What waits for something that the test has in its hand. */
  readonly waiting: readonly string[];
  readonly services: ReadonlySet<string>;
  /** Equal in two looks between which nothing happened. */
  readonly signature: string;
}

const DEADLINE_MS = 15_000;
const INTERVAL_MS = 10;
/** Deliveries of one durable that are described each. */
const SHOWN = 5;

/**
 * Waits until two looks in a row find nothing that moves and nothing that happened between them: every outbox
 * empty, every durable of a running service delivered up to the last message of its subjects and settled, no job
 * under way. Answers what is left waiting, which is nothing unless it is allowed.
 *
 * @throws `NOT_SETTLED` that says what moves; before the deadline when all that is left waits for the clock
 */
export async function untilSettled(
  sources: RestSources,
  { allowHeld = false, deadlineMs = DEADLINE_MS }: RestOptions = {},
): Promise<readonly string[]> {
  const deadline = performance.now() + deadlineMs;
  let before: string | undefined;
  for (;;) {
    const look = await lookSafely(sources);
    const quiet = look.moving.length === 0;
    if (quiet && look.signature === before) {
      if (allowHeld || look.waiting.length === 0) return look.waiting;
      if (sources.clockIsMoved)
        throw notSettled("What is left waits for the clock, which the test moves", look, sources);
    }
    before = quiet ? look.signature : undefined;
    if (performance.now() > deadline) throw notSettled(`Not settled within ${deadlineMs} ms`, look, sources);
    await pause(INTERVAL_MS);
  }
}

/** A server that does not answer is no rest. */
async function lookSafely(sources: RestSources): Promise<Look> {
  try {
    return await takeLook(sources);
  } catch (error) {
    const words = wordsOf(error);
    return { moving: [`it cannot be seen: ${words}`], waiting: [], services: new Set(), signature: "" };
  }
}

async function takeLook(sources: RestSources): Promise<Look> {
  const moving: string[] = [];
  const waiting: string[] = [];
  const services = new Set<string>();
  for (const job of sources.jobs()) moving.push(`${job} runs`);
  // In this order: what leaves the outbox after it was seen empty is seen on the stream, or by the next look.
  const outboxes = await sources.outboxes();
  for (const { service, rows, refused } of outboxes) {
    if (rows === 0) continue;
    services.add(service);
    moving.push(
      `outbox of ${service}: ${rows} not on the stream${refused === 0 ? "" : `, ${refused} of them refused`}`,
    );
  }
  // Before the stream: what is released after it was seen here is seen there.
  for (const { service, keys } of await sources.parked()) {
    if (keys === 0) continue;
    services.add(service);
    moving.push(`${service}: events of ${keys} keys are parked, and no dead letter stands before them`);
  }
  const lastSequences = await sources.refresh();
  const durables = new Map<string, DurableInfo>();
  for (const stream of new Set(sources.readers().map((reader) => reader.stream))) {
    for (const info of await sources.durables(stream)) durables.set(`${stream} ${info.name}`, info);
  }
  for (const reader of sources.readers()) {
    const info = durables.get(`${reader.stream} ${reader.durable}`);
    const state = stateOf(sources, reader, info);
    if (state === "settled") continue;
    services.add(reader.service);
    (state === "moving" ? moving : waiting).push(describe(sources, reader, info));
  }
  const places = [...durables.values()].map(({ name, deliveredSequence, pending, ackPending, redelivered }) => [
    ...[name, deliveredSequence, pending, ackPending, redelivered],
  ]);
  return { moving, waiting, services, signature: JSON.stringify([outboxes, lastSequences, places]) };
}

function stateOf(
  sources: RestSources,
  reader: Reader,
  info: DurableInfo | undefined,
): "settled" | "waiting" | "moving" {
  if (info === undefined) return "moving";
  // A consumer learns of a new message a moment after its publisher does: until then nothing is pending.
  const ahead = info.pending > 0 || info.deliveredSequence < sources.lastOf(reader.stream, reader.subjects);
  if (!ahead && info.ackPending === 0) return "settled";
  const waits = sources.inHand(reader.stream, reader.durable).filter((one) => isWaiting(sources, one));
  const allWait = info.ackPending <= waits.length;
  if (allWait && (!ahead || info.pausedForMs > 0)) return "waiting";
  const sharing = reader.group.flatMap((durable) => sources.inHand(reader.stream, durable));
  const holding = sharing.filter((one) => isWaiting(sources, one) && one.last?.outcome !== "retried");
  return holding.length >= reader.concurrency ? "waiting" : "moving";
}

function isWaiting({ clockIsMoved }: RestSources, delivery: DeliveryInHand): boolean {
  return isHeld(delivery) || (clockIsMoved && delivery.sleeping > 0);
}

function describe(sources: RestSources, { stream, durable, subjects }: Reader, info: DurableInfo | undefined): string {
  if (info === undefined) return `${durable}: the durable is not there`;
  const undelivered =
    info.deliveredSequence < sources.lastOf(stream, subjects) ? Math.max(1, info.pending) : info.pending;
  const counts = [
    ...(undelivered > 0 ? [`${undelivered} to be delivered`] : []),
    ...(info.ackPending > 0 ? [`${info.ackPending} delivered and not settled`] : []),
    ...(info.pausedForMs > 0 ? ["paused"] : []),
  ].join(", ");
  const all = sources.inHand(stream, durable);
  const inHand = all.slice(0, SHOWN).map(({ delivery, last }) => {
    const id = last?.eventId === undefined ? "" : `, event ${last.eventId}`;
    const error = last?.error;
    const why =
      error === undefined
        ? ""
        : `: ${error instanceof Error ? error.message.split("\n", 1)[0] : JSON.stringify(error)}`;
    const became = last === undefined ? "runs" : `${last.outcome}${why}`;
    return `\n    ${delivery.subject} #${delivery.sequence}, delivery ${delivery.deliveryCount}${id}: ${became}`;
  });
  const more = all.length > SHOWN ? `\n    and ${all.length - SHOWN} more` : "";
  return `${durable}: ${counts}${inHand.join("")}${more}`;
}

function notSettled(what: string, { moving, waiting, services }: Look, sources: RestSources): TestingError {
  const said = [...services].flatMap((service) => {
    const words = sources.lastWords(service);
    return words === undefined ? [] : [`${service} logged last: ${words}`];
  });
  const held = waiting.map((line) => `waits: ${line}`);
  const hint =
    waiting.length === 0 || moving.length > 0
      ? []
      : [
          `Let it go on (${sources.clockIsMoved ? "clock.advance" : "bring back what does not answer"}), or allow it with settled({ allowHeld: true }).`,
        ];
  return new TestingError("NOT_SETTLED", [`${what}:`, ...moving, ...held, ...said, ...hint].join("\n  "));
}
