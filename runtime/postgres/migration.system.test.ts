import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { openAdmin, type Admin } from "../nats/admin.ts";
import { openBroker } from "../nats/broker.ts";
import { applySchema } from "./apply-schema.ts";
import { openDatabase, type Database } from "./database.ts";
import { recordInbox } from "./inbox.ts";
import { readBacklog } from "./outbox-rows.ts";
import { startRelay } from "./relay.ts";
import { inTransaction } from "./transaction.ts";

/** The tables as the release made them that kept everything in one outbox and one inbox. */
const OLD_TABLES = `
create table tandem_schema (part text primary key, digest text not null, applied_at timestamptz not null);
insert into tandem_schema values ('runtime tables', 'of that release', now());

create table tandem_inbox (
  service text not null, event text not null, event_id text not null, version integer not null, key text not null,
  sequence bigint, correlation_id text not null, stream text not null, stream_sequence bigint not null,
  applied_at timestamptz not null default now(),
  primary key (service, event, event_id)
);
create table tandem_aggregates (key text primary key, sequence bigint not null);
create table tandem_outbox (
  id bigserial primary key, key text not null, sequence bigint not null, event text not null, event_id text not null,
  occurred_at timestamptz not null, correlation_id text not null, causation_id text not null, traceparent text,
  versions json not null, created_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0, next_attempt_at timestamptz not null default clock_timestamp(),
  last_error text, published_at timestamptz, stream text, stream_sequences bigint[]
);
alter table tandem_outbox add column if not exists unrepresentable json;
create index tandem_outbox_unpublished on tandem_outbox (key, sequence) where published_at is null;
create index tandem_outbox_due on tandem_outbox (next_attempt_at) where published_at is null;
`;

const APPLIED = 3_000;
const PUBLISHED = 2_000;

/** Two years of history, most of it of the last weeks, and ten rows that wait; one of them was refused. */
const OLD_ROWS = `
insert into tandem_inbox
  select 'maker', 'things.taken', 'applied-' || n, 1, 'k-' || n % 7, n, 'c-' || n, 'THINGS', n,
         now() - case when n = 1 then interval '2 years' else n * interval '10 minutes' end
    from generate_series(1, ${APPLIED}) as n;
insert into tandem_aggregates select 'k-' || n, 1000 from generate_series(0, 6) as n;
insert into tandem_outbox
  (key, sequence, event, event_id, occurred_at, correlation_id, causation_id, traceparent, versions, attempts,
   published_at, stream, stream_sequences)
  select 'k-' || n % 7, n / 7, 'things.made', 'published-' || n, now(), 'c-' || n, 'c', '00-trace', '[]', n % 2,
         now() - case when n = 1 then interval '2 years' else n * interval '10 minutes' end,
         'OLD', array[2 * n + 1, 2 * n]
    from generate_series(1, ${PUBLISHED}) as n;
insert into tandem_outbox
  (key, sequence, event, event_id, occurred_at, correlation_id, causation_id, attempts, last_error, versions)
  select 'k-' || n % 2, 900 + n, 'things.made', 'waits-' || n, now(), 'c', 'c', case n when 1 then 3 else 0 end,
         case n when 1 then 'no' end,
         json_build_array(json_build_object(
           'version', 1, 'type', 'things.made.v1', 'subject', 'thingsOld.made.v1', 'body', json_build_object('n', n)))
    from generate_series(1, 10) as n;
`;

const nats = await natsForTest();
const postgres = await databaseForTest();
const log = pino({ level: "silent" });
let admin: Admin;
let database: Database;

beforeAll(async () => {
  admin = await openAdmin({ servers: [nats.url] });
  await admin.createStream("THINGS_OLD", { subjects: ["thingsOld.>"], duplicateWindowMs: 60_000 });
  database = openDatabase({ url: postgres.url, schema: "maker", applicationName: "test", connections: 8, log });
  await database.work.query("create schema maker");
  await database.work.query(OLD_TABLES);
  await database.work.query(OLD_ROWS);
});

afterAll(async () => {
  await database.close();
  await admin.close();
});

const rows = async <Row extends object>(sql: string): Promise<Row[]> => (await database.work.query<Row>(sql)).rows;

/** Everything that is in the old columns, from whichever tables hold it. */
const history = async (published: string) => ({
  applied: await rows(
    `select service, event, event_id, version, key, sequence, correlation_id, stream, stream_sequence, applied_at
       from tandem_inbox order by event_id`,
  ),
  published: await rows(
    `select id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, traceparent, versions,
            created_at, attempts, published_at, stream, stream_sequences, unrepresentable
       from ${published} where published_at is not null order by id`,
  ),
  waiting: await rows(
    `select id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, traceparent, versions,
            created_at, attempts, next_attempt_at, last_error, unrepresentable
       from tandem_outbox where event_id like 'waits-%' order by id`,
  ),
});

describe("the tables of a release that knew no weeks", () => {
  it("become those of this one when a service starts, with all that is in them, once for all replicas", async () => {
    const before = await history("tandem_outbox");
    expect(before.waiting).toHaveLength(10);
    const replica = openDatabase({ url: postgres.url, schema: "maker", applicationName: "test", connections: 5, log });
    await Promise.all([database, replica].map(async ({ work }) => applySchema(work, "maker", [])));
    await replica.close();

    const after = await history("tandem_published");
    expect(after).toEqual(before);
    expect(after.applied).toHaveLength(APPLIED);
    expect(after.published).toHaveLength(PUBLISHED);
    expect(await rows("select 1 from tandem_outbox")).toHaveLength(10);
    expect(await rows("select 1 from tandem_published where first_sequence <> stream_sequences[2]")).toEqual([]);
    expect(await rows("select 1 from tandem_aggregates where sequence = 1000")).toHaveLength(7);
    expect(await rows("select relname from pg_class where relname like '%plain%'")).toEqual([]);
  });

  it("have a week for what is younger than a year, and leave what is older to DEFAULT", async () => {
    for (const table of ["inbox", "published"]) {
      const outside = await rows<{ event_id: string }>(`select event_id from tandem_${table}_default`);
      expect(outside).toEqual([{ event_id: expect.stringMatching(/-1$/) }]);
    }
  });

  it("keep every fact known", async () => {
    const record = async (eventId: string): Promise<boolean> =>
      inTransaction(database.work, async (tx) =>
        recordInbox(tx, {
          service: "maker",
          event: "things.taken",
          version: 1,
          stream: "THINGS",
          streamSequence: 1,
          runs: 1,
          envelope: {
            eventId,
            occurredAt: "2020-01-01T00:00:00Z",
            correlationId: "c",
            causationId: "c",
            sequence: 1,
            source: "taker",
            key: "k",
            traceparent: undefined,
          },
        }),
      );
    for (const known of [1, 2, 1_000, APPLIED]) expect(await record(`applied-${known}`)).toBe(false);
    expect(await record("applied-0")).toBe(true);
  });

  it("publish what waited in them, in its order, and nothing twice", async () => {
    const broker = openBroker({ servers: [nats.url], name: "relay", log });
    const relay = startRelay({
      database,
      broker,
      source: "maker",
      log,
      onPublished: () => undefined,
      onUnrepresentable: () => undefined,
      onRefused: () => undefined,
    });
    await eventually(async () => (await readBacklog(database.background)).rows === 0);
    await relay.stop(5_000);
    await broker.close();
    const stored: string[] = [];
    for await (const { headers } of admin.readStream("THINGS_OLD", { follow: false })) {
      stored.push(headers["ce-id"] ?? "");
    }
    expect(stored.toSorted()).toEqual(Array.from({ length: 10 }, (_, index) => `waits-${index + 1}`).toSorted());
    for (const parity of [0, 1]) {
      const ofKey = stored.map((id) => Number(id.slice("waits-".length))).filter((n) => n % 2 === parity);
      expect(ofKey).toEqual(ofKey.toSorted((one, other) => one - other));
    }
    expect(await rows("select 1 from tandem_published")).toHaveLength(PUBLISHED + 10);
  });

  it("give new rows ids behind the old ones", async () => {
    const [row] = await rows<{ id: string }>(
      `insert into tandem_outbox (key, sequence, event, event_id, occurred_at, correlation_id, causation_id, versions)
       values ('new', 1, 'e', 'new', now(), 'c', 'c', '[]') returning id`,
    );
    expect(Number(row?.id)).toBe(PUBLISHED + 11);
  });
});
