import { Client } from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest } from "../../lab/testing/servers.ts";
import { applySchema } from "./apply-schema.ts";
import { openDatabase, type Database } from "./database.ts";

const postgres = await databaseForTest();
const silent = pino({ level: "silent" });
const maker = "maker";
let database: Database;

function openMakersDatabase(): Database {
  return openDatabase({ url: postgres.url, schema: maker, applicationName: "test", connections: 16, log: silent });
}

async function connected(): Promise<Client> {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  return client;
}

beforeAll(async () => {
  database = openMakersDatabase();
  await applySchema(database.work, database.schema, []);
});

afterAll(() => database.close());

describe("the tables", () => {
  it("are made once when replicas start together, and again when their text changes", async () => {
    const [first, second] = [openMakersDatabase(), openMakersDatabase()];
    const pools = [first.work, second.work];
    const part = {
      name: "schema.sql",
      sql: "create table if not exists shelf (id int); insert into shelf values (1);",
    };
    await Promise.all(pools.map(async (pool) => applySchema(pool, maker, [part])));
    expect((await first.work.query("select * from shelf")).rowCount).toBe(1);
    await applySchema(first.work, maker, [{ ...part, sql: `${part.sql} -- changed` }]);
    expect((await first.work.query("select * from shelf")).rowCount).toBe(2);
    await Promise.all([first.close(), second.close()]);
  });

  it("are left as they were when a statement is refused, and the error names the part and the complaint", async () => {
    const broken = { name: "schema.sql", sql: "create table half (id int); create tabel other (id int);" };
    await expect(applySchema(database.work, maker, [broken])).rejects.toMatchObject({
      code: "SCHEMA_FAILED",
      message: expect.stringMatching(/schema\.sql.*syntax error.*tabel/),
    });
    expect((await database.work.query("select to_regclass('half') as half")).rows).toEqual([{ half: null }]);
  });

  it("are made all the same when a running replica locks them in another order", async () => {
    const owner = await connected();
    await owner.query(`
      create schema crossed; create table crossed.one (id int); create table crossed.two (id int);
      alter database "${new URL(postgres.url).pathname.slice(1)}" set deadlock_timeout = '3s'`);
    const crossed = openDatabase({
      url: postgres.url,
      schema: "crossed",
      applicationName: "crossed",
      connections: 5,
      log: silent,
    });
    const running = await connected();
    // The new replica is the one that looks for deadlocks.
    await running.query("set deadlock_timeout = '10min'; begin; update crossed.two set id = 1");
    const sql = "alter table one add column name text; alter table two add column name text;";
    const applied = applySchema(crossed.work, "crossed", [{ name: "schema.sql", sql }]);
    const waits = `select from pg_stat_activity where application_name = 'crossed' and wait_event_type = 'Lock'`;
    await eventually(async () => (await owner.query(waits)).rowCount === 1);
    await running.query("update crossed.one set id = 1; commit");
    await applied;
    expect((await crossed.work.query("select one.name from one, two")).rowCount).toBe(0);
    await Promise.all([crossed.close(), owner.end(), running.end()]);
  });

  it("need no permission on the database when the schema is there", async () => {
    const owner = await connected();
    const role = `narrow_${process.pid}`;
    await owner.query(`create role ${role} login password 'narrow'; create schema narrow authorization ${role}`);
    const url = new URL(postgres.url);
    url.username = role;
    url.password = "narrow";
    const narrow = openDatabase({
      url: url.href,
      schema: "narrow",
      applicationName: "test",
      connections: 5,
      log: silent,
    });
    await applySchema(narrow.work, "narrow", []);
    expect((await narrow.work.query("select 1 from narrow.tandem_outbox")).rowCount).toBe(0);
    await narrow.close();
    await owner.query(`drop schema narrow cascade; drop role ${role}`);
    await owner.end();
  });
});
