import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { databaseForTest } from "../../lab/testing/servers.ts";
import { applySchema } from "./apply-schema.ts";
import { openDatabase, type Database } from "./database.ts";
import { makeWeeks, retainHistory } from "./history.ts";

const postgres = await databaseForTest();
const DAY_MS = 24 * 60 * 60 * 1_000;
const limits = { publishedForMs: 30 * DAY_MS, inboxForMs: 60 * DAY_MS };
const tables = ["tandem_inbox", "tandem_published"];
let database: Database;

beforeAll(async () => {
  const log = pino({ level: "silent" });
  database = openDatabase({ url: postgres.url, schema: "maker", applicationName: "test", connections: 12, log });
});

afterAll(() => database.close());

beforeEach(async () => {
  await database.work.query("drop schema if exists maker cascade");
  expect(await applySchema(database.work, "maker", [])).toEqual([]);
});

async function rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
  return (await database.work.query<Row>(sql, values)).rows;
}

async function partitionsOf(table: string): Promise<string[]> {
  const found = await rows<{ name: string }>(
    "select inhrelid::regclass::text as name from pg_inherits where inhparent = to_regclass($1) order by name",
    [table],
  );
  return found.map(({ name }) => name);
}

/** The name of the week that holds a moment, by another calendar than the one under test. */
function weekOf(table: string, weeksFromNow: number): string {
  const day = new Date(Date.now() + weeksFromNow * 7 * DAY_MS);
  day.setUTCDate(day.getUTCDate() + 4 - (day.getUTCDay() || 7));
  const year = day.getUTCFullYear();
  const week = Math.floor((day.getTime() - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1;
  return `${table}_${year}w${String(week).padStart(2, "0")}`;
}

const applied = (eventId: string, moment: string): string =>
  `insert into tandem_inbox values ('taker', 'e', '${eventId}', 1, 'k', 1, 'c', 'S', 1, ${moment})`;

const published = (eventId: string, moment: string): string =>
  `insert into tandem_published
     (id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, versions, created_at, attempts,
      published_at, stream, stream_sequences, first_sequence)
   values (1, 'k', 1, 'e', '${eventId}', now(), 'c', 'c', '[]', now(), 0, ${moment}, 'S', '{1}', 1)`;

/** Makes a week that is over and lets `insert` put something into it. */
async function old(table: string, weeks: number, insert: (eventId: string, moment: string) => string): Promise<void> {
  const moment = `now() - interval '${weeks} weeks'`;
  const column = table === "tandem_inbox" ? "applied_at" : "published_at";
  await rows(`select tandem_make_weeks('${table}', '${column}', ${moment}, ${moment})`);
  await rows(insert(`${weeks} weeks old`, moment));
}

describe("the weeks of history", () => {
  it("are there when the service has started: this one, eight ahead, and one for everything else", async () => {
    for (const table of tables) {
      const weeks = Array.from({ length: 9 }, (_, index) => weekOf(table, index));
      expect(await partitionsOf(table)).toEqual([...weeks, `${table}_default`].toSorted());
    }
    await rows(published("now", "now()"));
    expect(await rows("select tableoid::regclass::text as week from tandem_published")).toEqual([
      { week: weekOf("tandem_published", 0) },
    ]);
  });

  it("begin on Monday in UTC, whatever time zone the session has", async () => {
    await rows("drop schema maker cascade");
    const log = pino({ level: "silent" });
    const url = new URL(postgres.url);
    url.searchParams.set("options", "-c timezone=America/New_York -c datestyle=SQL,DMY");
    const abroad = openDatabase({ url: url.href, schema: "maker", applicationName: "test", connections: 5, log });
    try {
      await applySchema(abroad.work, "maker", []);
      expect(await partitionsOf("tandem_inbox")).toContain(weekOf("tandem_inbox", 8));
      const bounds = await rows<{ bound: string }>(
        `select pg_get_expr(relpartbound, oid) as bound from pg_class where relname like 'tandem_inbox_2%'
          and relkind = 'r'`,
      );
      expect(bounds.length).toBe(9);
      for (const { bound } of bounds) {
        for (const [, moment = ""] of bound.matchAll(/'([^']+)'/g)) {
          const date = new Date(moment.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));
          expect([date.getUTCDay(), date.getUTCHours(), date.getUTCMinutes()]).toEqual([1, 0, 0]);
        }
      }
      // The session's own style must not change which weeks are over.
      expect((await retainHistory(abroad.work, limits)).dropped).toEqual([]);
    } finally {
      await abroad.close();
    }
  });

  it("are made again where they are missing, and dropped when they are over for longer than the limit", async () => {
    await old("tandem_published", 6, published);
    await old("tandem_published", 3, published);
    await old("tandem_inbox", 12, applied);
    await old("tandem_inbox", 6, applied);
    const missing = weekOf("tandem_inbox", 5);
    await rows(`drop table ${missing}`);

    expect(await retainHistory(database.background, limits)).toEqual({
      made: [missing],
      dropped: [weekOf("tandem_published", -6), weekOf("tandem_inbox", -12)],
      deleted: 0,
      postponed: [],
    });
    expect(await partitionsOf("tandem_published")).toContain(weekOf("tandem_published", -3));
    expect(await rows("select event_id from tandem_published")).toEqual([{ event_id: "3 weeks old" }]);
    expect(await rows("select event_id from tandem_inbox")).toEqual([{ event_id: "6 weeks old" }]);
    expect(await retainHistory(database.background, limits)).toMatchObject({ made: [], dropped: [] });
  });

  it("end with the rows outside of them too, and never with what waits to be published", async () => {
    await rows(
      `insert into tandem_outbox
         (key, sequence, event, event_id, occurred_at, correlation_id, causation_id, versions, created_at,
          next_attempt_at)
       values ('k', 1, 'e', 'waits', now(), 'c', 'c', '[]', now() - interval '2 years', now() - interval '2 years')`,
    );
    await rows(
      `insert into tandem_inbox select 'taker', 'e', n::text, 1, 'k', 1, 'c', 'S', n, now() - interval '40 weeks'
         from generate_series(1, 2500) as n`,
    );
    await rows(published("old", "now() - interval '5 weeks'"));
    await rows(published("young", "now() - interval '4 weeks'"));
    await rows(published("coming", "now() + interval '30 weeks'"));
    expect(await retainHistory(database.background, limits)).toMatchObject({ dropped: [], deleted: 2501 });
    expect(await rows("select event_id from tandem_published order by event_id")).toEqual([
      { event_id: "coming" },
      { event_id: "young" },
    ]);
    expect(await rows("select event_id from tandem_outbox")).toEqual([{ event_id: "waits" }]);
  });

  it("leave out one of which DEFAULT holds rows already, and the service starts all the same", async () => {
    const [taken, free] = [weekOf("tandem_inbox", 4), weekOf("tandem_inbox", 5)];
    await rows(`drop table ${taken}, ${free}`);
    await rows(applied("early", "now() + interval '4 weeks'"));
    const reason = "DEFAULT holds rows of this week";
    expect(await applySchema(database.work, "maker", [])).toEqual([{ partition: taken, reason }]);
    expect(await partitionsOf("tandem_inbox")).toContain(free);
    expect((await retainHistory(database.background, limits)).postponed).toEqual([{ partition: taken, reason }]);
    expect(await rows("select event_id from tandem_inbox")).toEqual([{ event_id: "early" }]);
  });

  it("may be kept by several at once while the service writes", async () => {
    for (let week = 40; week > 10; week -= 1) {
      await old("tandem_published", week, published);
    }
    await rows(`drop table ${weekOf("tandem_inbox", 7)}, ${weekOf("tandem_published", 7)}`);
    const kept = new AbortController();
    let written = 0;
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      while (!kept.signal.aborted) {
        await rows(published(`w-${writer}-${written}`, "now()"));
        await rows(applied(`w-${writer}-${written}`, "now()"));
        written += 1;
      }
    });
    const names: string[] = [];
    // Until nothing is left to do: what could not be locked in time is done in a later round.
    for (let left = 1; left > 0;) {
      const rounds = await Promise.all([1, 2, 3].map(async () => retainHistory(database.background, limits)));
      names.push(...rounds.flatMap(({ made, dropped }) => [...made, ...dropped]));
      left = rounds.flatMap(({ made, dropped, postponed }) => [...made, ...dropped, ...postponed]).length;
    }
    kept.abort();
    await Promise.all(writers);
    expect(names.length).toBe(new Set(names).size);
    expect(names.length).toBe(32);
    expect(await rows(`select count(*)::int from tandem_inbox where event_id like 'w-%'`)).toEqual([
      { count: written },
    ]);
    expect(await rows(`select count(*)::int from tandem_published where event_id like 'w-%'`)).toEqual([
      { count: written },
    ]);
  });

  it("wait for the next time when a long transaction holds the table, and hold nobody up meanwhile", async () => {
    await old("tandem_published", 6, published);
    await old("tandem_published", 7, published);
    const missing = weekOf("tandem_published", 5);
    await rows(`drop table ${missing}`);
    const holder = await database.work.connect();
    try {
      await holder.query("begin; select from tandem_published limit 1");
      const { made, dropped, postponed } = await retainHistory(database.background, limits);
      expect([made, dropped]).toEqual([[], []]);
      // The second of the weeks that are over is not even tried.
      expect(postponed.map(({ partition }) => partition)).toEqual([missing, weekOf("tandem_published", -7)]);
      for (const { reason } of postponed) expect(reason).toContain("lock timeout");
      await holder.query("commit");
    } finally {
      holder.release();
    }
    const { made, dropped } = await retainHistory(database.background, limits);
    expect([made, dropped]).toEqual([[missing], [weekOf("tandem_published", -7), weekOf("tandem_published", -6)]]);
  });

  it("are refused in words where the tables are of a release without them", async () => {
    await rows("drop schema maker cascade; create schema maker; create table tandem_outbox (id int)");
    await expect(retainHistory(database.background, limits)).rejects.toMatchObject({
      code: "SCHEMA_FAILED",
      message: expect.stringContaining("start its service once"),
    });
    await rows("drop schema maker cascade; create schema maker");
    await expect(makeWeeks(database.background)).rejects.toThrow("tandem_make_weeks");
  });
});
