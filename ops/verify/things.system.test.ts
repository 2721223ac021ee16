/** What the reference system does not have: order by key, a stream that lets go, durables that are behind. */
import { openStore } from "@tandem/runtime/admin";
import { expect, it, onTestFinished } from "vitest";
import { keptThings, type KeptThings } from "../../lab/testing/kept-things.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { verify } from "./verify.ts";

const { url: natsUrl } = await natsForTest();
const { url: databaseUrl } = await databaseForTest();

async function look(things: KeptThings, options: { graceMs?: number; now?: () => number } = {}) {
  const store = openStore(things.stewardUrl, { readOnly: true });
  onTestFinished(() => store.close());
  const schemas = { faultsOf: () => undefined };
  const { topology, admin } = things;
  // Small, so that every walk has several blocks and the versions of a row may lie in two.
  const report = await verify({
    ...{ topology, admin, store, schemas, block: 7, graceMs: 0 },
    now: Date.now,
    ...options,
  });
  return {
    ...report,
    of: (name: string) => report.verdicts.find(({ invariant }) => invariant === name),
    broken: report.verdicts.filter(({ violations }) => violations > 0).map(({ invariant }) => invariant),
  };
}

/** Notes in the taker's inbox that an event of a key was applied. */
async function apply(things: KeptThings, key: string, sequence: number, eventId: string): Promise<void> {
  await things.taking.work.query("select tandem_record_inbox($1, 'things.made', $2, 1, $3, $4, 'c', $5, $4)", [
    ...[things.taker, eventId, key, sequence, things.stream.name],
  ]);
}

it("counts what a durable did not deliver yet, and what an outbox holds within the grace", async () => {
  const things = await keptThings({ natsUrl, databaseUrl });
  for (const key of ["a", "b", "c"]) await things.commit(key, 5);
  await things.relay();
  await things.commit("d", 2);
  const { of, holds } = await look(things, { graceMs: 600_000 });
  expect(holds).toBe(true);
  expect(of("I5")).toMatchObject({ checked: 15, inFlight: 2 });
  expect(of("I10")).toMatchObject({ checked: 15 });
  expect(of("I6")).toMatchObject({ checked: 30 });
  expect(of("I7")).toMatchObject({ checked: 15, inFlight: 15 });
  // Without a grace what waits is late.
  expect(await look(things)).toMatchObject({ broken: ["I5"] });
});

it("tells the order of a key from the order in which its events were applied", async () => {
  const things = await keptThings({ natsUrl, databaseUrl }, { orderedByKey: true });
  for (const sequence of [1, 2, 3]) await apply(things, "k", sequence, `k${sequence}`);
  for (const sequence of [1, 2]) await apply(things, "l", sequence, `l${sequence}`);
  expect((await look(things)).of("I9")).toMatchObject({ checked: 5, violations: 0 });
  await apply(things, "k", 5, "k5");
  await apply(things, "k", 4, "k4");
  const { of, broken } = await look(things);
  expect(broken).toEqual(["I9"]);
  expect(of("I9")).toMatchObject({
    ...{ checked: 7, violations: 1 },
    examples: [{ service: things.taker, event: "things.made", key: "k", eventId: "k4", sequence: 4 }],
  });
});

it("goes by when a run had the lock of its key, and not by when its transaction began", async () => {
  const things = await keptThings({ natsUrl, databaseUrl }, { orderedByKey: true });
  const late = await things.taking.work.connect();
  await late.query("begin");
  await apply(things, "k", 1, "k1");
  await late.query("select tandem_record_inbox($1, 'things.made', 'k2', 1, 'k', 2, 'c', $2, 2)", [
    things.taker,
    things.stream.name,
  ]);
  await late.query("commit");
  late.release();
  expect((await look(things)).of("I9")).toMatchObject({ checked: 2, violations: 0 });
});

it("does not ask for an order that the contract does not", async () => {
  const things = await keptThings({ natsUrl, databaseUrl });
  for (const sequence of [2, 1]) await apply(things, "k", sequence, `k${sequence}`);
  expect((await look(things)).of("I9")).toMatchObject({ checked: 0, violations: 0 });
});

it("does not judge what the stream may have let go of, and says how much that is", async () => {
  const things = await keptThings({ natsUrl, databaseUrl });
  await things.commit("a", 3);
  await things.relay();
  await things.making.work.query("update tandem_published set published_at = now() - interval '24 hours'");
  await things.admin.purgeStream(things.stream.name);
  const { of, holds } = await look(things);
  expect(holds).toBe(true);
  expect(of("I5")).toMatchObject({ checked: 0, notJudged: 3 });
  expect(of("I10")).toMatchObject({ checked: 0, notJudged: 3 });
});

it("does not call a message a ghost whose row may be gone for its age", async () => {
  const things = await keptThings({ natsUrl, databaseUrl });
  await things.commit("a", 1);
  await things.relay();
  await things.making.work.query("delete from tandem_published");
  expect(await look(things)).toMatchObject({ broken: ["I6"] });
  // Two days on: the stream should have had it for one, and the history for one more.
  const { of, holds } = await look(things, { now: () => Date.now() + 2.1 * 86_400_000 });
  expect([holds, of("I6")]).toEqual([true, expect.objectContaining({ checked: 0, notJudged: 2 })]);
});

it("tells a lost event from half of one", async () => {
  const things = await keptThings({ natsUrl, databaseUrl });
  await things.commit("a", 9);
  await things.relay();
  const [v1 = "", v2 = ""] = things.stream.subjects;
  await things.admin.purgeStream(things.stream.name, { subject: v2, keep: 4 });
  const half = await look(things);
  expect([half.broken, half.of("I10")?.violations]).toEqual([["I10"], 5]);
  await things.admin.purgeStream(things.stream.name, { subject: v1 });
  const lost = await look(things);
  expect([lost.of("I5")?.violations, lost.of("I10")?.violations]).toEqual([5, 4]);
  expect(lost.of("I5")?.examples).toHaveLength(5);
});

it("counts events that some version cannot say, and does not miss that version", async () => {
  const things = await keptThings({ natsUrl, databaseUrl });
  await things.commit("a", 3);
  await things.making.work.query(
    `update tandem_outbox set versions = json_build_array(versions -> 0), unrepresentable = '[]' where sequence = 2`,
  );
  await things.relay();
  const { of, holds } = await look(things);
  expect([holds, of("I10")]).toEqual([true, expect.objectContaining({ checked: 2, notJudged: 1 })]);
});

it("asks services of a release that parks nothing", async () => {
  const things = await keptThings({ natsUrl, databaseUrl });
  await things.commit("a", 1);
  await things.relay();
  await things.taking.work.query("drop table tandem_parked");
  expect((await look(things)).holds).toBe(true);
});

it("names ten violations and counts all", async () => {
  const things = await keptThings({ natsUrl, databaseUrl });
  await things.commit("a", 23);
  await things.relay();
  await things.admin.purgeStream(things.stream.name);
  const { of } = await look(things);
  expect([of("I5")?.violations, of("I5")?.examples.length]).toEqual([23, 10]);
});

it("sees an event that is parked for the turn of its key", async () => {
  const things = await keptThings({ natsUrl, databaseUrl }, { orderedByKey: true });
  const [id = ""] = await things.commit("a");
  await things.relay();
  const { broker, stream, consumer, taking, taker } = things;
  const settled = Promise.withResolvers<void>();
  const options = { stream: stream.name, durable: consumer.durable, concurrency: 1, ackWaitMs: consumer.ackWaitMs };
  const reading = broker.subscribe(options, async () => {
    setImmediate(settled.resolve);
    return { kind: "ack" };
  });
  await settled.promise;
  await reading.stop();
  expect(await look(things)).toMatchObject({ broken: ["I7"] });
  await taking.work.query(
    `insert into tandem_parked (service, event, key, sequence, event_id, version, correlation_id, durable, stream,
                                stream_sequence, headers, data)
     values ($1, 'things.made', 'a', 1, $2, 1, 'c', $3, $4, 1, '{}', '')`,
    [taker, id, consumer.durable, stream.name],
  );
  const { holds, of } = await look(things);
  expect([holds, of("I7")]).toEqual([true, expect.objectContaining({ checked: 1, inFlight: 1 })]);
});
