import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsServerForTest } from "../../lab/testing/servers.ts";
import type { Broker } from "../broker.ts";
import { openAdmin, type Admin, type StoredMessage } from "../nats/admin.ts";
import { openBroker } from "../nats/broker.ts";
import { thingsContract, type MakerPublishes } from "../tests/things-contract.ts";
import { applySchema } from "./apply-schema.ts";
import { openDatabase, type Database } from "./database.ts";
import { readBacklog } from "./outbox-rows.ts";
import { startRelay, type Relay } from "./relay.ts";
import { createUnitOfWork } from "./unit-of-work.ts";

const nats = await natsServerForTest();
const postgres = await databaseForTest();
const silent = pino({ level: "silent" });
const contract = thingsContract("Outbox");
const { stream } = contract;
const maker = contract.maker.name;
const cause = { correlationId: "c", causationId: "c" };

let admin: Admin;
let database: Database;
const opened: { close(): Promise<void> }[] = [];

function openMakersDatabase(): Database {
  return openDatabase({ url: postgres.url, schema: maker, applicationName: "test", connections: 16, log: silent });
}

function openTestBroker(): Broker {
  const broker = openBroker({
    servers: [nats.url],
    name: "relay",
    log: silent,
    publishDeadlineMs: 2_000,
    closeLimitMs: 100,
  });
  opened.push(broker);
  return broker;
}

function startTestRelay(broker: Broker): Relay {
  return startRelay({
    database,
    broker,
    source: maker,
    log: silent,
    onPublished: () => undefined,
    onUnrepresentable: () => undefined,
    onRefused: () => undefined,
  });
}

async function stored(): Promise<StoredMessage[]> {
  const messages: StoredMessage[] = [];
  for await (const message of admin.readStream(stream, { follow: false })) messages.push(message);
  return messages;
}

const transact = () =>
  createUnitOfWork<MakerPublishes>({
    pool: database.work,
    publishes: contract.maker.publishes,
    onOutbox: () => undefined,
  });

async function backlogIs(rows: number): Promise<void> {
  await eventually(async () => (await readBacklog(database.background)).rows === rows);
}

beforeAll(async () => {
  admin = await openAdmin({ servers: [nats.url] });
  await admin.createStream(stream, { subjects: ["thingsOutbox.>"], duplicateWindowMs: 60_000 });
  database = openMakersDatabase();
  await applySchema(database.work, database.schema, []);
});

afterAll(async () => {
  for (const { close } of opened) await close.call(opened[0]);
  await database.close();
  await admin.close();
});

// What one test leaves waiting must not fail the next.
beforeEach(async () => {
  await database.work.query("delete from tandem_outbox");
});

describe("the outbox", () => {
  it("holds what was committed while the broker is away, and publishes it when it is back", async () => {
    await admin.purgeStream(stream);
    const relay = startTestRelay(openTestBroker());
    const write = transact();
    await nats.kill();
    for (let count = 1; count <= 20; count += 1) {
      await write(cause, async ({ publish }) => publish.thingMade({ thing_id: "away", count }));
    }
    expect((await readBacklog(database.background)).rows).toBe(20);
    // No claim is left open: nothing holds a lock on the rows.
    const free = await database.work.query("select id from tandem_outbox for update nowait");
    expect(free.rowCount).toBe(20);
    await nats.restart();
    await backlogIs(0);
    await relay.stop(5_000);
    await eventually(async () => (await admin.stream(stream)) !== undefined);
    expect((await stored()).map(({ data }) => JSON.parse(new TextDecoder().decode(data)).count)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  it("sets aside what the broker refuses, and lets other keys pass", async () => {
    await admin.purgeStream(stream);
    const write = transact();
    await write(cause, async ({ publish }) =>
      publish.thingMade({ thing_id: "poison", count: 1, note: "x".repeat(2_000_000) }),
    );
    await write(cause, async ({ publish }) => publish.thingMade({ thing_id: "poison", count: 2 }));
    await write(cause, async ({ publish }) => publish.thingMade({ thing_id: "innocent", count: 3 }));
    const relay = startTestRelay(openTestBroker());
    await eventually(async () => (await readBacklog(database.background)).refused === 1);
    await eventually(async () => (await stored()).length === 1);
    await relay.stop(5_000);
    expect((await stored()).map(({ headers }) => headers["ce-subject"])).toEqual(["innocent"]);
    const waiting = await database.work.query<{ attempts: number; last_error: string | null; due: string }>(
      "select attempts, last_error, next_attempt_at::text as due from tandem_outbox order by id",
    );
    // The one behind is due with the one that was refused: until then no claim walks past it.
    const { due, attempts } = waiting.rows[0] ?? {};
    expect(attempts).toBeGreaterThan(0);
    expect(waiting.rows).toMatchObject([{ due }, { attempts: 0, last_error: null, due }]);
    expect(waiting.rows[0]?.last_error).toContain("cannot be published");
  });

  it("publishes every pinned version, newest first, under an id of its own", async () => {
    await admin.purgeStream(stream);
    await transact()(cause, async ({ publish }) => publish.thingMade({ thing_id: "pinned", count: 1 }));
    await database.work.query(`update tandem_outbox set versions = $1::json`, [
      JSON.stringify([
        {
          version: 2,
          type: "things.made.v2",
          subject: "thingsOutbox.made.v2",
          body: { version: "v2", thing: "pinned" },
        },
        {
          version: 1,
          type: "things.made.v1",
          subject: "thingsOutbox.made.v1",
          body: { version: "v1", thing_id: "pinned", count: 1 },
        },
      ]),
    ]);
    const relay = startTestRelay(openTestBroker());
    await backlogIs(0);
    await relay.stop(5_000);
    const messages = await stored();
    expect(messages.map(({ subject }) => subject)).toEqual(["thingsOutbox.made.v2", "thingsOutbox.made.v1"]);
    const id = messages[0]?.headers["ce-id"] ?? "";
    expect(messages.map(({ headers }) => headers["Nats-Msg-Id"])).toEqual([`${id}:2`, `${id}:1`]);
    const row = await database.work.query<{ stream_sequences: string[] }>(
      "select stream_sequences from tandem_published where event_id = $1",
      [id],
    );
    expect(row.rows[0]?.stream_sequences.map(Number)).toEqual(messages.map(({ sequence }) => sequence));
  });

  it("carries any text that JSON can: control characters, half a surrogate pair, another alphabet", async () => {
    await admin.purgeStream(stream);
    const relay = startTestRelay(openTestBroker());
    const note = 'nul \u0000, half \ud83d, whole \ud83d\ude00, quote ", brace {a,b}, backslash \\';
    await transact()({ ...cause, correlationId: "grüße-%41" }, async ({ publish }) =>
      publish.thingMade({ thing_id: "schlüssel 1/ü", count: 1, note }),
    );
    await backlogIs(0);
    await relay.stop(5_000);
    const [message] = await stored();
    expect(JSON.parse(new TextDecoder().decode(message?.data))).toMatchObject({ thing_id: "schlüssel 1/ü", note });
    expect(message?.headers).toMatchObject({
      "ce-subject": "schl%C3%BCssel%201/%C3%BC",
      "correlation-id": "gr%C3%BC%C3%9Fe-%2541",
    });
  });

  it("takes nothing of a transaction that is rolled back, not even a sequence", async () => {
    const write = transact();
    const failed = write(cause, async ({ publish }) => {
      publish.thingMade({ thing_id: "undone", count: 1 });
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    const found = await database.work.query(
      "select 1 from tandem_outbox where key = 'undone' union all select 1 from tandem_aggregates where key = 'undone'",
    );
    expect(found.rowCount).toBe(0);
  });

  it("refuses a use of the transaction or the publisher after the run", async () => {
    const write = transact();
    const left = await write(cause, async (run) => run);
    expect(() => left.publish.thingMade({ thing_id: "late", count: 1 })).toThrow(/RUN_OVER|run had ended/);
    expect(() => left.tx.query("select 1")).toThrow(/after it had ended/);
  });
});
