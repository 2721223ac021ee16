/** The runs of a delivery: counted where a crash cannot hide them, and let in so that a killer is told from its neighbours. */
import type { Delivery } from "../broker.ts";
import { classify, TandemError } from "../errors.ts";
import { peekEventId } from "../events/envelope.ts";
import type { Transaction } from "../handler.ts";
import {
  forgetAttempts,
  readAttempts,
  recordFailure,
  recordStart,
  takeStartBack,
  type RecordedAttempts,
} from "../postgres/attempts.ts";
import type { Queryable } from "../postgres/database.ts";
import type { Isolation, Starts } from "./isolation.ts";
import { isNoRun } from "./run-outcome.ts";

/** One delivery's runs. */
export interface Attempt {
  /** Runs of the message so far, the one in hand included. */
  readonly runs: number;
  /** Whether the runs of the contract were used up before: the handler must not run again. */
  readonly exhausted: boolean;
  /**
   * One round of a run, let in when its turn comes; a redelivery is counted before `work` begins. Rounds that end
   * without a run, or because something is unavailable, are taken back: however often it is held, it is one run.
   *
   * @throws what `work` throws; `PROCESS_KILLED` without calling it; `DATABASE_DOWN`
   */
  round<R extends string>(work: () => Promise<R>): Promise<R | "duplicate" | "handed back">;
  /**
   * Writes down that the run came to an end and failed, so that the next delivery knows of it; nothing when there was
   * no run. Rejects with `DATABASE_DOWN`.
   */
  failed(): Promise<void>;
  /**
   * Forgets the message, which is done: with the effect in its transaction, or outside of one. Rejects with
   * `DATABASE_DOWN`; what is not forgotten is swept one day.
   */
  forget(tx?: Transaction): Promise<void>;
}

/** What attempts are counted with. */
export interface AttemptsOptions {
  readonly service: string;
  /** The event's name. */
  readonly event: string;
  /** Runs that the contract gives. */
  readonly maxAttempts: number;
  /** Rejects with `DATABASE_DOWN`. */
  readonly database: Queryable;
  readonly isolation: Isolation;
  readonly stopping: AbortSignal;
}

/** Starts without an end that convict a message. */
const KILLS = 3;

/**
 * Counts the runs of a durable's deliveries. The first delivery of a message writes nothing: a crash there makes it a
 * suspect, no more.
 */
export function countAttempts(options: AttemptsOptions): (delivery: Delivery) => Attempt {
  const { service, event, maxAttempts, database, isolation, stopping } = options;

  return (delivery) => {
    const key = { durable: delivery.durable, streamSequence: delivery.sequence };
    const fact = { service, event, eventId: peekEventId(delivery.headers) };
    const first = delivery.deliveryCount === 1;
    let known: RecordedAttempts | undefined;
    let runs = first ? 1 : 0;
    let exhausted = false;
    /** Whether a start is written down whose end is not. */
    let open = false;

    const start = async (): Promise<void> => {
      // One that could not be taken back still stands.
      if (open) return;
      runs = await recordStart(database, key);
      open = true;
    };
    const takeBack = async (): Promise<void> => {
      if (!open) return;
      try {
        await takeStartBack(database, key);
        open = false;
        runs -= 1;
      } catch {
        // The database is what is away: the next round goes on with the start that is there.
      }
    };

    return {
      get runs() {
        return runs;
      },
      get exhausted() {
        return exhausted;
      },
      async round(work) {
        let starts: Starts;
        if (!first && known === undefined) {
          known = await readAttempts(database, key, fact);
          runs = known.runs;
          if (known.applied) return "duplicate";
          if ((known.unfinished ?? 0) >= KILLS) throw processKilled(delivery, known.unfinished ?? 0);
          exhausted = runs >= maxAttempts;
          starts = known.unfinished === 0 ? undefined : (known.unfinished ?? 0);
        }
        const leave = await isolation.enter(starts, stopping);
        if (leave === undefined) return "handed back";
        try {
          if (!first && !exhausted) await start();
          const outcome = await work();
          if (isNoRun(outcome)) await takeBack();
          return outcome;
        } catch (error) {
          if (classify(error) === "unavailable") await takeBack();
          throw error;
        } finally {
          leave();
        }
      },
      async failed() {
        if (!first && !open) return;
        await recordFailure(database, key, runs);
        open = false;
      },
      async forget(tx) {
        if (!first) await forgetAttempts(tx ?? database, key);
      },
    };
  };
}

function processKilled({ sequence, stream, deliveryCount }: Delivery, starts: number): TandemError {
  return new TandemError(
    "PROCESS_KILLED",
    `${starts} runs in a row began and never came to an end, the last of them alone in their process: it died, or hung until it was killed. The handler did not run again for message ${sequence} of ${stream} (delivery ${deliveryCount}).`,
  );
}
