import { Pool } from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

  it("need no permission on the database when the schema is there", async () => {
    const owner = new Pool({ connectionString: postgres.url });
    const role = `narrow_${process.pid}`;
    await owner.query(`create role ${role} login; create schema narrow authorization ${role}`);
    const url = new URL(postgres.url);
    url.username = role;
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
