/** Bugs that other systems had, each a test of its name: how deliveries end. */
import { expect, it } from "vitest";
import { eventually } from "../../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../../lab/testing/servers.ts";
import { readAckSubject } from "../../nats/ack-subject.ts";
import { rigsForTests, type Rig } from "../things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const openRig = rigsForTests();
const rigForTest = async (): Promise<Rig> => openRig({ natsUrl: nats.url, databaseUrl: database.url });
const durableOf = async ({ admin, contract }: Rig) =>
  admin.durable(contract.stream, `${contract.taker.name}-thingMade-v1`);

it("nak on the last delivery strands the message", async () => {
  const rig = await rigForTest();
  await rig.startTaker(() => {
    throw new Error("never");
  });
  await rig.publishThing("stranded");
  await rig.settled();
  expect(await durableOf(rig)).toMatchObject({ pending: 0, ackPending: 0 });
  expect((await rig.deadLetters()).map(({ headers }) => headers["ce-subject"])).toEqual(["stranded"]);
});

it("backoff does not apply to nak, so a bare nak burns every delivery in a millisecond", async () => {
  const rig = await rigForTest();
  const at: number[] = [];
  await rig.startTaker(() => {
    at.push(performance.now());
    throw new Error("not yet");
  });
  await rig.publishThing("hasty");
  await rig.settled();
  const { retry } = rig.contract.taker.handles["thingMade"] ?? {};
  expect(at).toHaveLength(retry?.maxAttempts ?? 0);
  // The server's timer may be a little early against ours, a bare nak is by all of it.
  const waited = at.slice(1).map((time, index) => time - (at[index] ?? 0));
  for (const ms of waited) expect(ms).toBeGreaterThan((retry?.delayMs ?? 0) / 2);
});

it("acks dropped while draining", async () => {
  const rig = await rigForTest();
  const taker = await rig.startTaker(() => undefined);
  for (let index = 0; index < 200; index += 1) await rig.publishThing(`t-${index}`);
  await eventually(async () => ((await durableOf(rig))?.deliveredSequence ?? 0) >= 100);
  await taker.stop();
  const other = await rig.startTaker(() => undefined);
  await rig.settled();
  // What was handled does not come again.
  expect(await (await fetch(`${other.url}/metrics`)).text()).not.toContain('outcome="duplicate"');
  const applied = await rig.rows<{ count: number }>(
    `select count(*)::integer as count from "${rig.contract.taker.name}".tandem_inbox`,
  );
  expect(applied).toEqual([{ count: 200 }]);
});

it("a thousand prefetched messages orphaned on stop freeze a consumer for the whole ack wait", async () => {
  const rig = await rigForTest();
  // Whoever waits for it waits longer than this test may take.
  await rig.admin.updateDurable(rig.contract.stream, `${rig.contract.taker.name}-thingMade-v1`, { ackWaitMs: 600_000 });
  const { promise: letGo, resolve: release } = Promise.withResolvers<void>();
  const slow = await rig.startTaker(() => letGo);
  for (let index = 0; index < 1_000; index += 1) await rig.publishThing(`t-${index}`);
  const { concurrency = 0 } = rig.contract.taker.handles["thingMade"] ?? {};
  await eventually(async () => ((await durableOf(rig))?.ackPending ?? 0) >= concurrency);
  expect((await durableOf(rig))?.ackPending).toBeLessThanOrEqual(1.5 * concurrency);
  const stopped = slow.stop();
  release();
  await stopped;
  await rig.startTaker(() => undefined);
  await rig.settled();
  expect(await rig.deadLetters()).toEqual([]);
});

it("an idempotency row written outside the handler's transaction dead-letters the failure as its own duplicate", async () => {
  const rig = await rigForTest();
  const runs: number[] = [];
  await rig.startTaker((_, { delivery, publish }) => {
    runs.push(delivery.attempt);
    if (delivery.attempt === 1) throw new Error("the first run fails");
    publish.thingTaken({ thing_id: "twice" });
  });
  await rig.publishThing("twice");
  await rig.settled();
  expect(runs).toEqual([1, 2]);
  expect(await rig.deadLetters()).toEqual([]);
  await eventually(async () => (await rig.stored()).some(({ subject }) => subject.includes(".taken.")));
});

it("an unroutable message terminated and forgotten", async () => {
  const rig = await rigForTest();
  await rig.admin.deleteStream("DEAD_LETTERS");
  const taker = await rig.startTaker(() => undefined);
  await rig.publishRaw("{", {});
  await eventually(async () => (await durableOf(rig))?.ackPending === 1);
  await taker.stop();
  // It was handed back and not terminated: whoever reads next has it, and its dead letter finds a stream.
  await rig.admin.createStream("DEAD_LETTERS", { subjects: ["dead.*.*.*"] });
  await rig.startTaker(() => undefined);
  await rig.settled();
  expect(await rig.deadLetters()).toHaveLength(1);
});

it("the duplicate window is not sliding", async () => {
  const rig = await rigForTest();
  const handled: string[] = [];
  await rig.startTaker(({ thing_id }) => {
    handled.push(thing_id);
  });
  await rig.admin.updateStream(rig.contract.stream, { duplicateWindowMs: 100 });
  const first = await rig.publishThing("again");
  await eventually(async () => {
    await rig.publishThing("again", first);
    return (await rig.stored()).length === 2;
  });
  await rig.settled();
  expect(handled).toEqual(["again"]);
  expect(await rig.deadLetters()).toEqual([]);
});

it("nanosecond timestamps lose precision as JS numbers", async () => {
  const nanoseconds = 1_767_225_600_123_456_789n;
  expect(Number(nanoseconds)).not.toBe(nanoseconds);
  const reply = (time: bigint) => `$JS.ACK.THINGS.taker.1.7.7.${time}.0`;
  // One below a whole millisecond: as a number it would round up to it.
  expect(readAckSubject(reply(1_767_225_600_123_999_999n))?.storedAt).toBe(1_767_225_600_123);
  const rig = await rigForTest();
  const { sequence } = await rig.publishRaw({ version: "v1", thing_id: "t", count: 1 }, {});
  const stored = await rig.admin.message(rig.contract.stream, sequence);
  const [read] = await rig.stored();
  expect(read?.storedAt).toBe(stored?.storedAt);
});
