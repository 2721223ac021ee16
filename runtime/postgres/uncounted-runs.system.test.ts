import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest } from "../../lab/testing/servers.ts";
import { applySchema } from "./apply-schema.ts";
import { openDatabase, type Database } from "./database.ts";
import { recordInbox } from "./inbox.ts";
import { readTraceRows } from "./trace-rows.ts";
import { inTransaction } from "./transaction.ts";

/** The inbox as the release made it that did not write down how many runs an event took. */
const OLD_INBOX = `
create table if not exists tandem_inbox (
  service text not null, event text not null, event_id text not null, version integer not null, key text not null,
  sequence bigint, correlation_id text not null, stream text not null, stream_sequence bigint not null,
  applied_at timestamptz not null,
  primary key (event_id, event, service, applied_at)
) partition by range (applied_at);
create index if not exists tandem_inbox_correlation on tandem_inbox (correlation_id);
create index if not exists tandem_inbox_key on tandem_inbox (key);
create table if not exists tandem_inbox_default partition of tandem_inbox default;
create index if not exists tandem_inbox_default_moment on tandem_inbox_default (applied_at);

create or replace function tandem_record_inbox(
  the_service text, the_event text, the_event_id text, version integer, key text, sequence bigint,
  correlation_id text, stream text, stream_sequence bigint
) returns boolean
language plpgsql set enable_seqscan = off as $$
begin
  perform pg_advisory_xact_lock(
    hashtextextended(the_event_id, hashtextextended(the_event, hashtextextended(the_service, 0))));
  perform from tandem_inbox
    where event_id = the_event_id and event = the_event and service = the_service
    limit 1;
  if found then return false; end if;
  insert into tandem_inbox values
    (the_service, the_event, the_event_id, version, key, sequence, correlation_id, stream, stream_sequence, now());
  return true;
end
$$;
`;

const postgres = await databaseForTest();
const log = pino({ level: "silent" });
const openReplica = (): Database =>
  openDatabase({ url: postgres.url, schema: "taker", applicationName: "test", connections: 5, log });
const [older, newer] = [openReplica(), openReplica()];

beforeAll(async () => {
  await older.work.query("create schema taker");
  await older.work.query(OLD_INBOX);
});

afterAll(async () => {
  await Promise.all([older.close(), newer.close()]);
});

/** As the release before records a fact; it may stay in its transaction for a while. */
async function recordAsBefore(eventId: string, staysMs = 0): Promise<boolean> {
  return inTransaction(older.work, async (tx) => {
    const { rows } = await tx.query<{ first: boolean }>({
      name: "tandem-record-inbox",
      text: "select tandem_record_inbox($1, $2, $3, $4, $5, $6, $7, $8, $9) as first",
      values: ["taker", "things.made", eventId, 1, "k", 1, "c", "THINGS", 1],
    });
    await tx.query("select pg_sleep($1::float8 / 1000)", [staysMs]);
    return rows[0]?.first === true;
  });
}

async function record(eventId: string, runs: number): Promise<boolean> {
  const envelope = {
    ...{ eventId, occurredAt: "2020-01-01T00:00:00Z", correlationId: "c", causationId: "c" },
    ...{ sequence: 1, source: "maker", key: "k", traceparent: undefined },
  };
  const fact = { service: "taker", event: "things.made", version: 1, envelope, stream: "THINGS", streamSequence: 1 };
  return inTransaction(newer.work, async (tx) => recordInbox(tx, { ...fact, runs }));
}

const recorded = async (): Promise<Record<string, number | null>> => {
  const { rows } = await newer.work.query<{ event_id: string; runs: number | null }>(
    "select event_id, runs from tandem_inbox",
  );
  return Object.fromEntries(rows.map(({ event_id, runs }) => [event_id, runs]));
};

describe("an inbox of the release that counted no runs", () => {
  it("gets its column while replicas of that release go on recording, and forgets nothing", async () => {
    const upgraded = new AbortController();
    const recordedBefore: string[] = [];
    const replica = async (name: string): Promise<void> => {
      for (let turn = 0; !upgraded.signal.aborted || turn < 20; turn += 1) {
        const eventId = `${name}-${turn}`;
        expect(await recordAsBefore(eventId, turn % 3)).toBe(true);
        recordedBefore.push(eventId);
      }
    };
    const running = Promise.all(["one", "two", "three"].map(replica));
    await eventually(() => recordedBefore.length >= 10);
    await applySchema(newer.work, "taker", []);
    upgraded.abort();
    await running;
    expect(await recorded()).toEqual(Object.fromEntries(recordedBefore.map((eventId) => [eventId, null])));
  });

  it("knows a fact whichever release recorded it", async () => {
    expect(await recordAsBefore("from before")).toBe(true);
    expect(await record("from before", 2)).toBe(false);
    expect(await record("of now", 3)).toBe(true);
    expect(await recordAsBefore("of now")).toBe(false);
    expect(await recorded()).toMatchObject({ "from before": null, "of now": 3 });
  });

  it("serves both when a replica of that release starts once more, and applies its own tables", async () => {
    await older.work.query(OLD_INBOX);
    expect(await recordAsBefore("before again")).toBe(true);
    expect(await record("before again", 1)).toBe(false);
    expect(await record("now again", 4)).toBe(true);
    expect(await recordAsBefore("now again")).toBe(false);
    await applySchema(newer.work, "taker", []);
    expect(await recorded()).toMatchObject({ "before again": null, "now again": 4 });
  });
});

it("a trace reads the inbox of a service that is still of that release", async () => {
  await applySchema(newer.work, "taker", []);
  await record("traced", 2);
  const runsOf = async () => {
    const { runs } = await readTraceRows(newer.background, ["c"]);
    return runs.find(({ eventId }) => eventId === "traced");
  };
  expect(await runsOf()).toMatchObject({ runs: 2 });
  await newer.work.query("alter table tandem_inbox drop column runs");
  expect(await runsOf()).toMatchObject({ event: "things.made", runs: undefined });
});
