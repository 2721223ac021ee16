import { Client } from "pg";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseForTest } from "../../lab/testing/servers.ts";
import { applySchema } from "./apply-schema.ts";
import { openDatabase } from "./database.ts";
import { retainHistory } from "./history.ts";
import { provisionDatabase, STEWARD, type ServiceDatabase } from "./roles.ts";
import { openStore, type Store } from "./store.ts";

const postgres = await databaseForTest();
// The administrator of most installations has a password, and then the roles have one too.
const adminUrl = new URL(postgres.url);
adminUrl.password ||= "of the administrator";
const services = [`red${process.pid}`, `blue${process.pid}`] as const;
const [red, blue] = services;
const DAY_MS = 24 * 60 * 60 * 1_000;
let databases: readonly ServiceDatabase[];
let store: Store;

beforeAll(async () => {
  databases = await provisionDatabase(adminUrl.href, services);
  for (const { service, url } of databases.slice(0, 2)) {
    const log = pino({ level: "silent" });
    const database = openDatabase({ url, schema: service, applicationName: "test", connections: 5, log });
    await applySchema(database.work, service, []);
    await database.work.query(
      `insert into tandem_inbox values ($1, 'e', 'e-1', 1, 'k', 1, 'c', 'S', 1, now() - interval '40 weeks')`,
      [service],
    );
    await database.work.query("select tandem_make_weeks('tandem_published', 'published_at', $1, $1)", ["2024-01-03Z"]);
    await database.close();
  }
  store = openStore(stewardsUrl());
});

afterAll(async () => {
  await store.close();
  const owner = new Client({ connectionString: postgres.url });
  await owner.connect();
  for (const service of services) {
    await owner.query(`drop schema ${service} cascade; drop role tandem_${service}`);
  }
  await owner.end();
});

const stewardsUrl = (): string => databases.find(({ service }) => service === STEWARD)?.url ?? "";

describe("the steward's role", () => {
  it("comes after those of the services, under the same string each time", async () => {
    expect(databases.map(({ service, role }) => [service, role])).toEqual([
      [red, `tandem_${red}`],
      [blue, `tandem_${blue}`],
      ["steward", "tandem_steward"],
    ]);
    const again = await Promise.all([1, 2].map(async () => provisionDatabase(adminUrl.href, services)));
    expect(again).toEqual([databases, databases]);
    expect(new URL(stewardsUrl()).password).not.toBe("");
  });

  it("is no service's", async () => {
    await expect(provisionDatabase(adminUrl.href, ["steward"])).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });
});

describe("the store", () => {
  it("knows the schemas that hold an outbox", async () => {
    const owner = new Client({ connectionString: postgres.url });
    await owner.connect();
    await owner.query("create schema aside; create table aside.tandem_inbox (id int)");
    await owner.end();
    expect(await store.schemas()).toEqual([blue, red]);
  });

  it.each([
    ["the steward", stewardsUrl],
    ["the administrator", () => postgres.url],
  ])("lets %s read each service's tables and no other's, many statements at once", async (_, url) => {
    const store = openStore(url());
    try {
      const found = await Promise.all(
        [red, blue, red, blue, red, blue].map(async (service) =>
          store
            .of(service)
            .query<{ service: string; role: string }>("select service, current_user as role from tandem_inbox"),
        ),
      );
      expect(found.map(({ rows }) => rows)).toEqual(
        [red, blue, red, blue, red, blue].map((service) => [{ service, role: `tandem_${service}` }]),
      );
    } finally {
      await store.close();
    }
  });

  it("lets the steward keep the history of a service, whose tables stay the service's", async () => {
    const {
      rows: [last],
    } = await store
      .of(red)
      .query<{ week: string }>(
        "select inhrelid::regclass::text as week from pg_inherits where inhparent = 'tandem_inbox'::regclass order by 1 desc offset 1 limit 1",
      );
    await store.of(red).query(`drop table ${last?.week}`);
    expect(await retainHistory(store.of(red), { publishedForMs: 90 * DAY_MS, inboxForMs: 90 * DAY_MS })).toEqual({
      made: [last?.week],
      dropped: ["tandem_published_2024w01"],
      deleted: 1,
      postponed: [],
    });
    const owners = await store.of(red).query("select distinct tableowner from pg_tables where schemaname = $1", [red]);
    expect(owners.rows).toEqual([{ tableowner: `tandem_${red}` }]);
    // The other service's history is not touched.
    expect((await store.of(blue).query("select 1 from tandem_inbox")).rowCount).toBe(1);
  });

  it("says in words that the database does not answer", async () => {
    // Nothing listens on port 1.
    const nowhere = openStore("postgres://nobody@127.0.0.1:1/nothing");
    const expected = { code: "DATABASE_DOWN", message: expect.stringMatching(/does not answer: .*ECONNREFUSED/) };
    await expect(nowhere.schemas()).rejects.toMatchObject(expected);
    await expect(nowhere.of(red).query("select 1")).rejects.toMatchObject(expected);
    await nowhere.close();
  });
});
