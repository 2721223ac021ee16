/** One transaction in which a service changes its state and says so. */
import type { Pool } from "pg";
import type { Clock } from "../clock.ts";
import type { EventDescriptor } from "../descriptors.ts";
import type { HandWrittenParts } from "../events/derive-versions.ts";
import type { Cause } from "../events/outgoing.ts";
import { collectPublishes } from "../events/publisher.ts";
import { failpoint } from "../failpoint.ts";
import type { Transaction } from "../handler.ts";
import { writeOutbox } from "./outbox.ts";
import { inTransaction } from "./transaction.ts";

/** What work is given: statements and events that commit together or not at all. */
export interface Run<Publish> {
  readonly tx: Transaction;
  /** Throws `PAYLOAD_INVALID` at the call when the contract refuses the payload. */
  readonly publish: Publish;
}

/**
 * Runs work in a transaction and writes what it published to the outbox before the commit. The events
 * are on the stream soon after it resolves.
 *
 * @throws what the work throws, and what `inTransaction` throws
 */
export type Transact<Publish> = <R>(cause: Cause, work: (run: Run<Publish>) => Promise<R>) => Promise<R>;

/** What a unit of work needs. */
export interface UnitOfWorkOptions {
  readonly pool: Pool;
  /** What the service may publish, by channel key. */
  readonly publishes: Readonly<Record<string, EventDescriptor>>;
  /** The hand-written parts of mappings. None when absent. */
  readonly parts?: HandWrittenParts;
  /** Says when what is published happened. That of the machine when absent. */
  readonly clock?: Clock;
  /** Called after a commit that left something in the outbox. */
  readonly onOutbox: () => void;
}

/** The unit of work of one service. */
export function createUnitOfWork<Publish>({
  pool,
  publishes,
  parts,
  clock,
  onOutbox,
}: UnitOfWorkOptions): Transact<Publish> {
  return async (cause, work) => {
    const collector = collectPublishes<Publish>(publishes, cause, parts, clock);
    try {
      const result = await inTransaction(pool, async (tx) => {
        const answer = await work({ tx, publish: collector.publish });
        // Closed before the outbox is written: an event that came later would be lost without a word.
        collector.close();
        await writeOutbox(tx, collector.events, cause);
        return answer;
      });
      if (collector.events.length > 0) {
        FAILPOINT: failpoint("after-commit-before-publish");
        onOutbox();
      }
      return result;
    } finally {
      collector.close();
    }
  };
}
