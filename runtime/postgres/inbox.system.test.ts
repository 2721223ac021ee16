import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest } from "../../lab/testing/servers.ts";
import { applySchema } from "./apply-schema.ts";
import { openDatabase, type Database } from "./database.ts";
import { recordInbox, type InboxEntry } from "./inbox.ts";
import { inTransaction } from "./transaction.ts";

const postgres = await databaseForTest();
let database: Database;

function open(): Database {
  const log = pino({ level: "silent" });
  return openDatabase({ url: postgres.url, schema: "taker", applicationName: "test", connections: 12, log });
}

beforeAll(async () => {
  database = open();
  await applySchema(database.work, "taker", []);
});

afterAll(() => database.close());

beforeEach(async () => {
  await database.work.query("truncate tandem_inbox");
});

function entryOf(eventId: string, changes: Partial<InboxEntry> = {}): InboxEntry {
  return {
    service: "taker",
    event: "things.made",
    version: 1,
    envelope: {
      eventId,
      occurredAt: new Date().toISOString(),
      correlationId: "c",
      causationId: "c",
      sequence: 1,
      source: "maker",
      key: "k",
      traceparent: undefined,
    },
    stream: "THINGS",
    streamSequence: 1,
    runs: 1,
    ...changes,
  };
}

const record = async (entry: InboxEntry): Promise<boolean> =>
  inTransaction(database.work, async (tx) => recordInbox(tx, entry));

describe("the inbox", () => {
  it("knows a fact by service, event and event id, whatever its version, place and time say", async () => {
    expect(await record(entryOf("e-1"))).toBe(true);
    const copy = entryOf("e-1", { version: 2, stream: "OTHER", streamSequence: 77 });
    expect(await record({ ...copy, envelope: { ...copy.envelope, occurredAt: "1999-01-01T00:00:00.000Z" } })).toBe(
      false,
    );
    expect(await record(entryOf("e-1", { event: "things.taken" }))).toBe(true);
    expect(await record(entryOf("e-1", { service: "other" }))).toBe(true);
    expect(await record(entryOf("e-2"))).toBe(true);
  });

  it("knows a fact that was applied in another week, or in none that has a partition", async () => {
    const facts = { past: "- interval '30 weeks'", coming: "+ interval '3 weeks'", far: "+ interval '30 weeks'" };
    for (const [eventId, shift] of Object.entries(facts)) {
      expect(await record(entryOf(eventId))).toBe(true);
      await database.work.query(`update tandem_inbox set applied_at = applied_at ${shift} where event_id = $1`, [
        eventId,
      ]);
    }
    const places = await database.work.query("select distinct tableoid from tandem_inbox");
    expect(places.rowCount).toBe(2);
    for (const eventId of Object.keys(facts)) expect(await record(entryOf(eventId))).toBe(false);
  });

  it.each([
    ["commits", true],
    ["rolls back", false],
  ])("waits for another transaction that applies the same fact, and follows when that one %s", async (_, commits) => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { promise: recorded, resolve: onRecorded } = Promise.withResolvers<boolean>();
    const first = inTransaction(database.work, async (tx) => {
      onRecorded(await recordInbox(tx, entryOf("e-1")));
      await released;
      if (!commits) throw new Error("no");
    }).catch(() => undefined);
    expect(await recorded).toBe(true);
    const second = record(entryOf("e-1"));
    const waiting = "select 1 from pg_locks where locktype = 'advisory' and not granted";
    await eventually(async () => (await database.background.query(waiting)).rowCount === 1);
    // Another fact does not wait.
    expect(await record(entryOf("e-2"))).toBe(true);
    release();
    await first;
    expect(await second).toBe(!commits);
  });

  it("applies each fact once when many deliver it at once, whatever isolation the server begins with", async () => {
    await database.work.query(
      `do $$ begin execute format('alter database %I set default_transaction_isolation to serializable', current_database()); end $$`,
    );
    const strict = open();
    try {
      for (let round = 0; round < 20; round += 1) {
        const outcomes = await Promise.all(
          Array.from({ length: 8 }, async () =>
            inTransaction(strict.work, async (tx) => recordInbox(tx, entryOf(`e-${round}`))),
          ),
        );
        expect(outcomes.filter(Boolean)).toHaveLength(1);
      }
      expect((await strict.work.query("select 1 from tandem_inbox")).rowCount).toBe(20);
    } finally {
      await strict.close();
    }
  });

  it("lets nobody in who does not look first, as a replica of a release before the weeks does not", async () => {
    const old = database.work.query(
      `insert into tandem_inbox
         (service, event, event_id, version, key, sequence, correlation_id, stream, stream_sequence)
       values ('taker', 'things.made', 'e-1', 1, 'k', 1, 'c', 'THINGS', 1) on conflict do nothing`,
    );
    await expect(old).rejects.toThrow(/applied_at/);
  });
});
