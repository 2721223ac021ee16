import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { eventually } from "../../../lab/testing/eventually.ts";
import { keptThings, type KeptThings } from "../../../lab/testing/kept-things.ts";
import { publishRaw } from "../../../lab/testing/publish-raw.ts";
import { scratchDirectory } from "../../../lab/testing/scratch-directory.ts";
import { databaseForTest, natsForTest, natsProcessForTest } from "../../../lab/testing/servers.ts";
import { provision } from "../../provision/provision.ts";
import { reconcile } from "./reconcile.ts";

const nats = await natsForTest();
const mortal = await natsProcessForTest();
const { url: databaseUrl } = await databaseForTest();
const system = (): Promise<KeptThings> => keptThings({ natsUrl: nats.url, databaseUrl });

/** Small, so that every walk has several blocks and a row's versions may lie in two. */
const BLOCK = 7;
const walk = (things: KeptThings, after?: number) => reconcile({ ...things, block: BLOCK }, things.stream, after);

async function publish(things: KeptThings, keys = 5, each = 4): Promise<string[]> {
  const ids = [];
  for (let key = 0; key < keys; key += 1) ids.push(...(await things.commit(`k-${key}`, each)));
  await things.relay();
  return ids;
}

/** Each event in both versions, exactly once. */
async function expectWhole(things: KeptThings, ids: readonly string[]): Promise<void> {
  const [v1, v2] = things.stream.subjects;
  const found = (await things.onStream()).filter(({ subject }) => !subject.startsWith("replay."));
  expect(found.map(({ subject, eventId }) => `${subject} ${eventId}`).sort()).toEqual(
    ids.flatMap((id) => [`${v1} ${id}`, `${v2} ${id}`]).sort(),
  );
  // And the rows say so.
  const { rows } = await things.making.work.query<{ event_id: string; stream_sequences: string[] }>(
    "select event_id, stream_sequences from tandem_published",
  );
  const places = new Map(found.map(({ sequence, eventId, subject }) => [`${eventId} ${subject}`, sequence]));
  for (const { event_id: id, stream_sequences: sequences } of rows) {
    expect(sequences.map(Number)).toEqual([places.get(`${id} ${v2}`), places.get(`${id} ${v1}`)]);
  }
}

it("finds nothing where nothing is wrong", async () => {
  const things = await system();
  const ids = await publish(things);
  expect(await walk(things)).toMatchObject({ kind: "full", messages: 40, mended: 0, found: 0, missing: 0, ghosts: [] });
  await expectWhole(things, ids);
});

it("publishes again what was deleted, in the order of each key, and once", async () => {
  const things = await system();
  const ids = await publish(things);
  const [v1 = ""] = things.stream.subjects;
  expect(await things.admin.purgeStream(things.stream.name, { subject: v1 })).toBe(20);
  expect(await walk(things)).toMatchObject({ mended: 20, missing: 0, ghosts: [] });
  await expectWhole(things, ids);
  const again = (await things.onStream()).filter(({ subject }) => subject === v1).map(({ eventId }) => eventId);
  for (let key = 0; key < 5; key += 1) {
    const own = ids.slice(key * 4, key * 4 + 4);
    expect(again.filter((id) => own.includes(id))).toEqual(own);
  }
  expect(await walk(things)).toMatchObject({ mended: 0, found: 0, missing: 0 });
});

it("mends a stream that was deleted and made anew, beside what was published since", async () => {
  const things = await system();
  const ids = await publish(things);
  await things.admin.deleteStream(things.stream.name);
  await provision(things.topology, { natsUrl: nats.url });
  ids.push(...(await publish(things, 2)));
  const last = (await things.admin.stream(things.stream.name))?.lastSequence ?? 0;
  // The walk over the newest part of the old stream notices.
  expect(await walk(things, 40)).toMatchObject({ kind: "full", mended: 40, missing: 0, ghosts: [] });
  expect(last).toBe(16);
  await expectWhole(things, ids);
  expect(await walk(things)).toMatchObject({ mended: 0, found: 0, ghosts: [] });
});

it("takes no other event for the one that was in its place", async () => {
  const things = await system();
  const ids = await publish(things, 1, 3);
  await things.admin.deleteStream(things.stream.name);
  await provision(things.topology, { natsUrl: nats.url });
  // Every place that a row names is taken, by an event of the same subject.
  ids.push(...(await publish(things, 1, 3)));
  expect(await walk(things)).toMatchObject({ mended: 6, missing: 0, ghosts: [] });
  await expectWhole(things, ids);
});

it("mends a server that was set back to an earlier copy of its files; consumers apply nothing twice", async () => {
  const things = await keptThings({ natsUrl: mortal.url, databaseUrl }, { ackWaitMs: 1_000 });
  const applied = new Map<string, number>();
  const { stream, consumer } = things;
  const reading = things.broker.subscribe(
    { stream: stream.name, durable: consumer.durable, concurrency: 4, ackWaitMs: consumer.ackWaitMs },
    async ({ headers, sequence }) => {
      const recorded = await things.taking.work.query<{ first: boolean }>(
        "select tandem_record_inbox($1, $2, $3, 1, 'k', 1, 'c', $4, $5) as first",
        [things.taker, consumer.event, headers["ce-id"], stream.name, sequence],
      );
      if (recorded.rows[0]?.first) applied.set(headers["ce-id"] ?? "", (applied.get(headers["ce-id"] ?? "") ?? 0) + 1);
      return { kind: "ack" };
    },
  );
  const copy = join(await scratchDirectory(), "store");
  const ids = await publish(things);
  await mortal.kill();
  await cp(mortal.directory, copy, { recursive: true });
  await mortal.restart();
  ids.push(...(await publish(things, 5, 3)));
  await eventually(() => applied.size === ids.length);
  await mortal.kill();
  await rm(mortal.directory, { recursive: true });
  await cp(copy, mortal.directory, { recursive: true });
  await mortal.restart();
  expect((await things.admin.stream(stream.name))?.lastSequence).toBe(40);

  // Some take the places of the lost ones before anybody looks.
  ids.push(...(await publish(things, 2, 1)));
  expect(await walk(things)).toMatchObject({ mended: 30, missing: 0, ghosts: [] });
  await expectWhole(things, ids);
  await eventually(async () => {
    const { pending, ackPending } = (await things.admin.durable(stream.name, consumer.durable)) ?? {};
    return pending === 0 && ackPending === 0 && applied.size === ids.length;
  });
  await reading.stop();
  expect([...applied.values()].every((times) => times === 1)).toBe(true);
});

it("counts what a stranger published, and leaves it", async () => {
  const things = await system();
  const ids = await publish(things);
  const [subject = ""] = things.stream.subjects;
  for (const headers of [{ "ce-id": randomUUID() }, {}]) {
    await publishRaw(nats.url, { subject, headers, data: new Uint8Array() });
  }
  // A replay is a copy of ours for one durable.
  await publishRaw(nats.url, { subject: things.consumer.replaySubject, headers: {}, data: new Uint8Array() });
  expect((await walk(things)).ghosts).toEqual([{ subject, count: 2, sequences: [41, 42] }]);
  // Those that were counted are not counted again.
  expect((await walk(things, 43)).ghosts).toEqual([]);
  expect((await walk(things, 41)).ghosts).toEqual([{ subject, count: 1, sequences: [42] }]);
  expect(await things.onStream()).toHaveLength(ids.length * 2 + 3);
});

it("mends once when two do so at once", async () => {
  const things = await system();
  const ids = await publish(things, 20);
  await things.admin.purgeStream(things.stream.name, { keep: 10 });
  const results = await Promise.all([walk(things), walk(things), walk(things)]);
  expect(results.reduce((sum, { mended }) => sum + mended, 0)).toBe(150);
  await expectWhole(things, ids);
});

it("leaves to the relay what waits, and calls no ghost what the relay has not noted yet", async () => {
  const things = await system();
  const [id = ""] = await things.commit("waits");
  const [subject = ""] = things.stream.subjects;
  expect(await walk(things)).toMatchObject({ mended: 0, missing: 0, rows: 0 });
  await publishRaw(nats.url, { subject, headers: { "ce-id": id }, data: new Uint8Array() });
  expect(await walk(things)).toMatchObject({ messages: 1, mended: 0, ghosts: [] });
});

it("tells a row of the message that somebody published for it and did not note", async () => {
  const things = await system();
  const ids = await publish(things, 1, 3);
  const [v1 = "", v2] = things.stream.subjects;
  await things.admin.purgeStream(things.stream.name, { subject: v1 });
  await publishRaw(nats.url, { subject: v1, headers: { "ce-id": ids[1] ?? "" }, data: new Uint8Array() });
  expect(await walk(things)).toMatchObject({ found: 1, mended: 2, ghosts: [] });
  await expectWhole(things, ids);
  expect(v2).toBeDefined();
});

it("lets go of what the stream was to let go of", async () => {
  const things = await keptThings({ natsUrl: nats.url, databaseUrl }, { maxAgeMs: 3_600_000 });
  await publish(things, 1, 4);
  await things.making.work.query(
    `update tandem_published set published_at = now() - interval '50 minutes' where sequence <= 2`,
  );
  await things.admin.purgeStream(things.stream.name);
  expect(await walk(things)).toMatchObject({ mended: 4, missing: 0 });
});
