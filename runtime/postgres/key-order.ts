/** What a service that reads in order knows of each key: how far it is, and what blocks it. */
import type { KeyPlace } from "../events/envelope.ts";
import type { Transaction } from "../handler.ts";
import type { Queryable } from "./database.ts";

/** The events of one name and one key, as one service reads them. */
export interface Line {
  readonly service: string;
  /** The event's name without a version. */
  readonly event: string;
  readonly key: string;
}

/**
 * Whether an event may run now:
 * - `turn`: it may, and the key is locked until the transaction ends
 * - `busy`: another event of its key runs
 * - `early`: the event before it was not applied yet
 * - `behind`: something of its key that came before it waits, or is a dead letter
 * - `stale`: a later event of its key was applied
 */
export type KeyTurn = "turn" | "busy" | "early" | "behind" | "stale";

/** Asks for the turn of an event, in the transaction that would apply it. */
export async function askTurn(tx: Transaction, { service, event, key }: Line, place: KeyPlace): Promise<KeyTurn> {
  const asked = await tx.query<{ turn: KeyTurn }>({
    name: "tandem-key-turn",
    text: "select tandem_key_turn($1, $2, $3, $4, $5, $6) as turn",
    values: [service, event, key, place.eventId, place.sequence ?? null, place.previous ?? null],
  });
  return asked.rows[0]?.turn ?? "busy";
}

/** Moves the key on, in the transaction that applied the event; true when somebody of the key is parked. */
export async function passKey(tx: Transaction, { service, event, key }: Line, place: KeyPlace): Promise<boolean> {
  if (place.sequence === undefined) return false;
  return answerOf(
    await tx.query<{ waits: boolean }>({
      name: "tandem-key-passed",
      text: "select tandem_key_passed($1, $2, $3, $4, $5) as waits",
      values: [service, event, key, place.eventId, place.sequence],
    }),
  );
}

/**
 * Moves a key on to a sequence whose event never comes; false when it is, or comes behind, a dead letter: one that
 * ended meanwhile was noted before its delivery was.
 */
export async function skipTo(database: Queryable, { service, event, key }: Line, sequence: number): Promise<boolean> {
  const skipped = await database.query(
    `select tandem_key_passed($1, $2, $3, '', $4)
      where not tandem_key_is_blocked($1, $2, $3, tandem_key_reached($1, $2, $3), $4 + 1)`,
    [service, event, key, sequence],
  );
  return skipped.rowCount === 1;
}

/** Notes that an event became a dead letter: those of its key behind it wait. Nothing when it says no sequence. */
export async function blockKey(
  database: Queryable,
  { service, event }: Pick<Line, "service" | "event">,
  place: KeyPlace,
  durable: string,
): Promise<void> {
  if (place.sequence === undefined) return;
  await database.query({
    name: "tandem-key-block",
    text: "select tandem_key_block($1, $2, $3, $4, $5, $6, $7)",
    values: [service, event, place.key, place.eventId, place.sequence, place.previous ?? null, durable],
  });
}

/** Notes that a dead letter was discarded: nobody waits for it any more. True when somebody of its key is parked. */
export async function discardBlock(
  database: Queryable,
  { service, event }: Pick<Line, "service" | "event">,
  place: KeyPlace,
): Promise<boolean> {
  return answerOf(
    await database.query<{ waits: boolean }>("select tandem_key_discard($1, $2, $3, $4, $5, $6) as waits", [
      ...[service, event, place.key, place.eventId],
      ...[place.sequence ?? null, place.previous ?? null],
    ]),
  );
}

function answerOf({ rows: [row] }: { readonly rows: readonly { waits: boolean }[] }): boolean {
  return row?.waits === true;
}
