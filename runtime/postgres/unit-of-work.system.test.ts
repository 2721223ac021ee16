import { pino } from "pino";
import { afterAll, beforeAll, expect, it } from "vitest";
import { databaseForTest } from "../../lab/testing/servers.ts";
import { thingsContract, type MakerPublishes } from "../tests/things-contract.ts";
import { cause } from "../tests/things-rig.ts";
import { applySchema } from "./apply-schema.ts";
import { openDatabase, type Database } from "./database.ts";
import { createUnitOfWork, type Transact } from "./unit-of-work.ts";

const postgres = await databaseForTest();
const { maker } = thingsContract("Unit");
let database: Database;
let transact: Transact<MakerPublishes>;

beforeAll(async () => {
  const log = pino({ level: "silent" });
  database = openDatabase({ url: postgres.url, schema: maker.name, applicationName: "test", connections: 4, log });
  await applySchema(database.work, maker.name, [{ name: "shelf", sql: "create table shelf (thing_id text)" }]);
  transact = createUnitOfWork({ pool: database.work, publishes: maker.publishes, onOutbox: () => undefined });
});

afterAll(() => database.close());

async function make(thingId: string): Promise<void> {
  await transact(cause, async ({ tx, publish }) => {
    await tx.query("insert into shelf values ($1)", [thingId]);
    publish.thingMade({ thing_id: thingId, count: 1 });
  });
}

it("what changed, what is published of it and its place among the events of its key are one transaction", async () => {
  await make("whole");
  const { rows } = await database.work.query<{ by: string }>(
    `select xmin::text as by from shelf where thing_id = 'whole'
     union all select xmin::text from tandem_outbox where key = 'whole'
     union all select xmin::text from tandem_aggregates where key = 'whole'`,
  );
  expect(rows).toHaveLength(3);
  expect(new Set(rows.map(({ by }) => by)).size).toBe(1);
});

it("nothing changed when what is published of it cannot be written", async () => {
  await database.work.query("alter table tandem_outbox add constraint refused check (key <> 'refused')");
  await expect(make("refused")).rejects.toThrow(/refused/);
  for (const table of ["shelf where thing_id", "tandem_outbox where key", "tandem_aggregates where key"]) {
    expect((await database.work.query(`select from ${table} = 'refused'`)).rowCount).toBe(0);
  }
});

it("nothing is published of what could not be committed", async () => {
  await database.work.query("alter table shelf add constraint once unique (thing_id) deferrable initially deferred");
  await make("double");
  // Refused by the commit, when the outbox was written.
  await expect(make("double")).rejects.toThrow(/once/);
  expect((await database.work.query("select from tandem_outbox where key = 'double'")).rowCount).toBe(1);
});
