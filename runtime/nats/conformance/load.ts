/** Writers and readers at work while servers are killed and frozen, and the sets that tell what became of each message. */
import { setTimeout as pause } from "node:timers/promises";
import type { Broker } from "../../broker.ts";
import { TandemError } from "../../errors.ts";
import { idOf, outgoing } from "../tests/fixtures.ts";
import { eventually, type DurableRig, type rigFor, storedIds } from "./rig.ts";

/** What must be empty. */
export interface Losses {
  /** Acknowledged to a writer, and not in the stream. */
  readonly lost: readonly string[];
  /** In the stream, and never given to a reader. */
  readonly unread: readonly string[];
  /** Read or stored, and never written. */
  readonly unexpected: readonly string[];
  /** In the stream more than once. */
  readonly twice: readonly string[];
}

export const NO_LOSSES: Losses = { lost: [], unread: [], unexpected: [], twice: [] };

export interface Load {
  /** Those of the writers and of the readers. */
  readonly brokers: readonly Broker[];
  /** Resolves when more has been written and more has been read than when it was called. */
  progresses(): Promise<void>;
  /** Ends the writing, waits for what is on its way, and compares. */
  losses(): Promise<Losses>;
}

const WRITERS = 2;
const READERS = 2;
const AT_ONCE = 4;
/** Between two handfuls of a writer: the load is for faults to hit, not for the servers to feel. */
const PACE_MS = 5;

/**
 * Starts a load on a durable. Every id is unique; a writer tries an unconfirmed one again under its id, as the relay
 * does, so that at rest every id that was tried is acknowledged. Reading twice is allowed: delivery is at least once.
 */
export function startLoad(rig: ReturnType<typeof rigFor>, at: DurableRig, urls: readonly string[]): Load {
  const connect = () => rig.broker({ servers: urls, pingIntervalMs: 400 });
  const [attempted, acknowledged, read] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const over = new AbortController();

  const write = async (broker: Broker, id: string): Promise<void> => {
    attempted.add(id);
    try {
      await broker.publish(outgoing(`${at.stream}.a`, id));
      acknowledged.add(id);
    } catch (error) {
      if (!(error instanceof TandemError && error.code === "PUBLISH_UNCONFIRMED")) throw error;
      await write(broker, id);
    }
  };
  const writers = Array.from({ length: WRITERS }, connect);
  const writing = Promise.all(
    writers.map(async (broker, writer) => {
      for (let handful = 0; !over.signal.aborted; handful += 1) {
        const ids = Array.from({ length: AT_ONCE }, (_, one) => `${writer}-${handful * AT_ONCE + one}`);
        await Promise.all(ids.map((id) => write(broker, id)));
        await pause(PACE_MS);
      }
    }),
  );

  const readers = Array.from({ length: READERS }, connect);
  for (const broker of readers) {
    rig.subscribe(broker, { stream: at.stream, durable: at.durable }, (delivery) => {
      read.add(idOf(delivery));
      return { kind: "ack" };
    });
  }

  return {
    brokers: [...writers, ...readers],
    async progresses() {
      const [wrote, had] = [acknowledged.size, read.size];
      await Promise.race([
        eventually(() => acknowledged.size > wrote + 50 && read.size > had + 50),
        // A writer that is refused ends the wait with its error.
        writing,
      ]);
    },
    async losses() {
      over.abort();
      await writing;
      await eventually(() => acknowledged.isSubsetOf(read)).catch(() => undefined);
      const stored = await storedIds(at);
      const inStream = new Set(stored);
      return {
        lost: [...acknowledged.difference(inStream)],
        unread: [...inStream.difference(read)],
        unexpected: [...read.union(inStream).difference(attempted)],
        twice: stored.filter((id, place) => stored.indexOf(id) !== place),
      };
    },
  };
}
