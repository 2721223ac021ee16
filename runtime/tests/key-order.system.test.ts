/** `orderedByKey`: the events of a key in their order, whatever fails between them. */
import { expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { discardOf } from "../delivery/replay-messages.ts";
import { PermanentError } from "../errors.ts";
import { peekPlace } from "../events/envelope.ts";
import type { ThingMadeV1 } from "./things-contract.ts";
import { cause, rigsForTests, type Rig } from "./things-rig.ts";

const nats = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const openRig = rigsForTests();

const SCHEMA = new URL("things.sql", import.meta.url);
const ordinals = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** A rig whose taker reads in order. `judge` says what becomes of a thing before it is taken: nothing, or it throws. */
async function orderedRig(replicas: number, judge: (thing: ThingMadeV1) => Promise<void> | void) {
  const rig = await openRig({ natsUrl: nats.url, databaseUrl }, { orderedByKey: true });
  for (let replica = 0; replica < replicas; replica += 1) {
    await rig.startTaker(
      async (thing, { tx }) => {
        await tx.query("insert into taken (thing_id, count) values ($1, $2)", [thing.thing_id, thing.count]);
        await judge(thing);
      },
      { schema: SCHEMA },
    );
  }
  const { name } = rig.contract.taker;
  return {
    rig,
    /** What was taken of a key, in the order in which it was. */
    taken: async (key: string): Promise<number[]> =>
      (
        await rig.rows<{ count: number }>(`select count from "${name}".taken where thing_id = $1 order by place`, [key])
      ).map(({ count }) => count),
    /** How many events are parked. */
    parked: async (): Promise<number> => (await rig.rows(`select from "${name}".tandem_parked`)).length,
    blocks: async () =>
      rig.rows<{ key: string; sequence: string }>(
        `select key, sequence from "${name}".tandem_key_blocks order by sequence`,
      ),
  };
}

/** Publishes things 1 to `last` of each key as a service does, through its outbox. */
async function make(rig: Rig, keys: readonly string[], last: number): Promise<void> {
  const maker = await rig.startMaker();
  for (const count of ordinals(last)) {
    await maker.context.transact(cause, async ({ publish }) => {
      for (const thing_id of keys) publish.thingMade({ thing_id, count });
    });
  }
}

async function replayLetter(rig: Rig, id: string): Promise<void> {
  const [letter] = await rig.deadLetters();
  await rig.replay(letter, { "replay-id": id });
}

it("says of each event which one of its name came before it for its key", async () => {
  const { rig } = await orderedRig(1, () => undefined);
  await make(rig, ["a", "b"], 3);
  await rig.settled();
  const places = (await rig.stored())
    .filter(({ subject }) => subject === rig.contract.thingMadeV1.subject)
    .map(({ headers }) => [headers["ce-subject"], headers["ce-sequence"], headers["ce-previous"]].join(" "));
  expect(places.toSorted()).toEqual(["a 1 0", "a 2 1", "a 3 2", "b 1 0", "b 2 1", "b 3 2"]);
});

it("applies the events of a key in their order, on three replicas, while some of them fail for a while", async () => {
  const failed = new Set<string>();
  const running = new Map<string, number>();
  let most = 0;
  const { rig, taken } = await orderedRig(3, async ({ thing_id, count }) => {
    running.set(thing_id, (running.get(thing_id) ?? 0) + 1);
    most = Math.max(most, ...running.values());
    await new Promise((resolve) => setImmediate(resolve));
    running.set(thing_id, (running.get(thing_id) ?? 0) - 1);
    const first = !failed.has(`${thing_id} ${count}`);
    failed.add(`${thing_id} ${count}`);
    if (first && count % 3 === 0) throw new Error("not now");
  });
  const keys = ["a", "b", "c", "d"];
  await make(rig, keys, 12);
  await rig.settled();
  for (const key of keys) expect(await taken(key)).toEqual(ordinals(12));
  expect(most).toBe(1);
  expect(await rig.deadLetters()).toEqual([]);
});

it("parks what has to wait for long, so that other keys go on, and releases it in its order", async () => {
  const { promise: open, resolve } = Promise.withResolvers<void>();
  const { rig, taken, parked } = await orderedRig(2, async ({ thing_id, count }) => {
    if (thing_id === "slow" && count === 1) await open;
  });
  await make(rig, ["slow", "swift"], 20);
  await eventually(async () => expect(await taken("swift")).toEqual(ordinals(20)));
  await eventually(async () => expect(await parked()).toBe(19));
  resolve();
  await rig.settled();
  expect(await taken("slow")).toEqual(ordinals(20));
  expect(await parked()).toBe(0);
});

it("keeps what comes after a dead letter until that is replayed", async () => {
  let mended = false;
  const { rig, taken, parked, blocks } = await orderedRig(2, ({ thing_id, count }) => {
    if (thing_id === "a" && count === 2 && !mended) throw new PermanentError("it cannot be taken");
  });
  await make(rig, ["a", "b"], 6);
  await rig.settled();
  expect(await taken("a")).toEqual([1]);
  expect(await taken("b")).toEqual(ordinals(6));
  expect([await parked(), await blocks()]).toEqual([4, [{ key: "a", sequence: "2" }]]);
  // It fails again: nothing moves.
  await replayLetter(rig, "r-1");
  await rig.settled();
  expect([await taken("a"), await parked()]).toEqual([[1], 4]);
  mended = true;
  await replayLetter(rig, "r-2");
  await rig.settled();
  expect(await taken("a")).toEqual(ordinals(6));
  expect([await parked(), await blocks()]).toEqual([0, []]);
  expect(await rig.deadLetters()).toHaveLength(2);
});

it("goes on without a dead letter that is discarded, and with the one behind it in its turn", async () => {
  let mended = false;
  const { rig, taken, parked, blocks } = await orderedRig(2, ({ count }) => {
    if ((count === 2 || count === 4) && !mended) throw new PermanentError("it cannot be taken");
  });
  await make(rig, ["a"], 6);
  await rig.settled();
  const discard = async (letter: Awaited<ReturnType<Rig["deadLetters"]>>[number] | undefined): Promise<void> => {
    const place = peekPlace(letter?.headers ?? {});
    if (place === undefined) throw new Error("there is no letter");
    const durable = rig.contract.taker.handles["thingMade"]?.durables[0]?.name;
    const order = { id: `d-${place.sequence}`, of: letter?.sequence ?? 0, by: "somebody", why: "no use" };
    const { subject, data, headers, messageId } = discardOf(place, `replay.${durable}`, order);
    await rig.system.publishRaw({ subject, body: data, headers, messageId });
  };
  expect([await taken("a"), await parked()]).toEqual([[1], 4]);
  await discard((await rig.deadLetters())[0]);
  await rig.settled();
  expect([await taken("a"), await parked()]).toEqual([[1, 3], 2]);
  // What is discarded twice, or was never blocked, changes nothing.
  mended = true;
  await discard((await rig.deadLetters())[0]);
  await replayLetterOf(rig, 4);
  await rig.settled();
  expect(await taken("a")).toEqual([1, 3, 4, 5, 6]);
  expect([await parked(), await blocks()]).toEqual([0, []]);
});

async function replayLetterOf(rig: Rig, sequence: number): Promise<void> {
  const letters = await rig.deadLetters();
  await rig.replay(
    letters.find(({ headers }) => headers["ce-sequence"] === String(sequence)),
    { "replay-id": `r-of-${sequence}` },
  );
}

it("makes a key wait for a message that cannot be read, when its headers say whose it is", async () => {
  const { rig, taken, parked } = await orderedRig(1, () => undefined);
  const first = await rig.publishThing("a", {}, 1);
  const headers = { "ce-id": "broken", "ce-subject": "a", "ce-sequence": "2", "ce-previous": "1" };
  await rig.publishRaw("{ this is no thing", { ...headers, "correlation-id": first.correlationId });
  await rig.publishThing("a", { sequence: 3, previous: 2 }, 3);
  await rig.settled();
  expect([await taken("a"), await parked()]).toEqual([[1], 1]);
  const [letter] = await rig.deadLetters();
  expect(letter?.headers["dlq-code"]).toBe("BODY_NOT_JSON");
  const body = JSON.stringify({ version: "v1", thing_id: "a", count: 2 });
  const edited = { ...letter, data: new TextEncoder().encode(body) } as typeof letter;
  await rig.replay(edited, { "replay-id": "edited", "ce-time": first.occurredAt });
  await rig.settled();
  expect([await taken("a"), await parked()]).toEqual([[1, 2, 3], 0]);
});

it("does not apply an event after a later one: that is a dead letter, which nobody waits for", async () => {
  const { rig, taken, parked, blocks } = await orderedRig(1, () => undefined);
  await rig.publishThing("a", { sequence: 5 }, 5);
  await rig.settled();
  await rig.publishThing("a", { sequence: 4 }, 4);
  await rig.publishThing("a", { sequence: 6, previous: 5 }, 6);
  await rig.settled();
  expect(await taken("a")).toEqual([5, 6]);
  expect((await rig.deadLetters()).map(({ headers }) => headers["dlq-code"])).toEqual(["EVENT_STALE"]);
  expect([await parked(), await blocks()]).toEqual([0, []]);
});

it("waits no longer for an event that nothing on the stream can be", async () => {
  const { rig, taken, parked } = await orderedRig(2, () => undefined);
  await rig.publishThing("a", { sequence: 8, previous: 7 }, 8);
  await rig.publishThing("a", { sequence: 9, previous: 8 }, 9);
  await rig.settled();
  expect(await taken("a")).toEqual([8, 9]);
  expect(await parked()).toBe(0);
});

it("goes on where it was when the contract begins to ask for order", async () => {
  const { rig, taken } = await orderedRig(1, () => undefined);
  const { name } = rig.contract.taker;
  await rig.rows(
    `set search_path to "${name}"; select tandem_record_inbox($$${name}$$, 'things.made', 'e-7', 1, 'a', 7, 'c', 's', 1)`,
  );
  await rig.publishThing("a", { sequence: 8, previous: 7 }, 8);
  await rig.settled();
  expect(await taken("a")).toEqual([8]);
  // It did not have to wait until nothing before it was left on the stream.
  expect(rig.system.deliveries({ outcome: "parked" })).toEqual([]);
});

it("releases what is parked behind a dead letter when the contract asks for order no more", async () => {
  const { rig, taken, parked } = await orderedRig(0, () => undefined);
  const { taker } = rig.contract;
  const first = await rig.startTaker(
    () => {
      throw new PermanentError("it cannot be taken");
    },
    { schema: SCHEMA },
  );
  await make(rig, ["a"], 4);
  await rig.settled();
  expect(await parked()).toBe(3);
  await first.stop();
  const handles = Object.entries(taker.handles).map(([channel, one]) => [channel, { ...one, orderedByKey: false }]);
  const unordered: typeof taker = { ...taker, handles: Object.fromEntries(handles) };
  const service = await rig.start(unordered, {
    handlers: {
      thingMade: async ({ thing_id, count }, { tx }) => {
        await tx.query("insert into taken (thing_id, count) values ($1, $2)", [thing_id, count]);
      },
    },
    schema: SCHEMA,
  });
  await service.ready;
  await eventually(async () => expect(await parked()).toBe(0));
  expect(await taken("a")).toEqual([2, 3, 4]);
});

it("runs events without a sequence beside no other of their key", async () => {
  let running = 0;
  let most = 0;
  const { rig, taken } = await orderedRig(2, async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  });
  for (const count of ordinals(10)) {
    await rig.publishRaw(
      { version: "v1", thing_id: "a", count },
      { "ce-id": `e-${count}`, "ce-time": "2026-01-02T03:04:05Z", "correlation-id": "c", "ce-subject": "a" },
    );
  }
  await rig.settled();
  expect((await taken("a")).toSorted((one, other) => one - other)).toEqual(ordinals(10));
  expect(most).toBe(1);
});
