import { describe, expect, it } from "vitest";
import { keptThings } from "../../lab/testing/kept-things.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { historyLimits, retain } from "./retention.ts";

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

describe("the limits", () => {
  it("follow from the longest stream and the dead letters", async () => {
    const { topology } = await keptThings({ natsUrl: nats.url, databaseUrl }, { maxAgeMs: 7 * DAY_MS });
    expect(historyLimits(topology)).toEqual({ publishedForMs: 8 * DAY_MS, inboxForMs: 38 * DAY_MS });
    const [stream] = topology.streams;
    if (stream === undefined) throw new Error("no stream");
    const forEver = { ...topology, streams: [...topology.streams, { ...stream, maxAgeMs: 0 }] };
    expect(historyLimits(forEver).publishedForMs).toBeGreaterThan(30_000 * DAY_MS);
  });
});
