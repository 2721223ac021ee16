import { expect, it } from "vitest";
import { keptThings } from "../../lab/testing/kept-things.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { retain } from "./retention.ts";

const nats = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const DAY_MS = 86_400_000;

it("keeps what may come again, and drops the rest, in the schema of every service", async () => {
  const things = await keptThings({ natsUrl: nats.url, databaseUrl }, { maxAgeMs: DAY_MS });
  await things.commit("k", 3);
  await things.relay();
  await things.commit("waits", 1);
  const age = async (sequence: number, days: number): Promise<unknown> =>
    things.making.work.query(
      "update tandem_published set published_at = now() - $2 * interval '1 day' where sequence = $1",
      [sequence, days],
    );
  await age(1, 400);
  await age(2, 1.9);
  const attempts = "insert into tandem_attempts (durable, stream_sequence, runs, unfinished, touched_at)";
  await things.taking.work.query(`${attempts} values ('d', 1, 1, 0, now() - interval '3 days'), ('d', 2, 1, 0, now())`);
  const retained = await retain(things.store, things.topology);
  expect(retained).toMatchObject([
    { service: things.maker, done: { deleted: 1 } },
    { service: things.taker, done: { deleted: 0, attempts: 1 } },
  ]);
  const left = await things.making.work.query<{ sequence: string }>("select sequence from tandem_published order by 1");
  expect(left.rows.map(({ sequence }) => sequence)).toEqual(["2", "3"]);
  expect((await things.making.work.query("select 1 from tandem_outbox")).rowCount).toBe(1);
});

it("drops nothing where a stream keeps for ever", async () => {
  const things = await keptThings({ natsUrl: nats.url, databaseUrl }, { maxAgeMs: 0 });
  await things.commit("k", 1);
  await things.relay();
  await things.making.work.query("update tandem_published set published_at = now() - interval '20 years'");
  expect(await retain(things.store, things.topology)).toMatchObject([
    { service: things.maker, done: { deleted: 0, dropped: [] } },
    { service: things.taker, done: { deleted: 0, dropped: [] } },
  ]);
  expect((await things.making.work.query("select 1 from tandem_published")).rowCount).toBe(1);
});
