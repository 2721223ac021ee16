import { randomUUID } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { startProcess } from "../../lab/system/process.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { keptThings, ownLetter, type KeptThings, type KeptThingsOptions } from "../../lab/testing/kept-things.ts";
import { publishRaw } from "../../lab/testing/publish-raw.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { givenUpLetter, type Delivery } from "@tandem/runtime/admin";
import { stewardDurable } from "../provision/own-streams.ts";
import { createNet, type AdvisoryOutcome } from "./give-up.ts";

const nats = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const QUICK: KeptThingsOptions = { ackWaitMs: 200, maxDeliver: 2 };
const system = (options = QUICK): Promise<KeptThings> => keptThings({ natsUrl: nats.url, databaseUrl }, options);
const utf8 = new TextEncoder();

/** Publishes things as a maker would; answers their event ids. */
async function publish(things: KeptThings, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  for (const id of ids) {
    const subject = things.stream.subjects[0] ?? "";
    await publishRaw(nats.url, { subject, headers: { "ce-id": id, shelf: "upper" }, data: utf8.encode(`of ${id}`) });
  }
  return ids;
}

/** Pulls until the end of the test, and never answers. */
function neverAnswer({ broker, stream, consumer }: KeptThings): void {
  const options = { stream: stream.name, durable: consumer.durable, concurrency: 50, ackWaitMs: 200 };
  const reading = broker.subscribe(options, async () => {
    throw new Error("it never answers");
  });
  onTestFinished(async () => reading.stop());
}

/** A steward's net until it is stopped. */
function castNet(things: KeptThings): { readonly outcomes: AdvisoryOutcome[]; stop(): Promise<void> } {
  const outcomes: AdvisoryOutcome[] = [];
  const net = createNet({ ...things, now: Date.now, onOutcome: (outcome) => outcomes.push(outcome) });
  const { stream, name } = stewardDurable(things.topology);
  const reading = things.broker.subscribe({ stream, durable: name, concurrency: 8, ackWaitMs: 30_000 }, net);
  const stop = async (): Promise<void> => reading.stop();
  onTestFinished(stop);
  return { outcomes, stop };
}

/** Advisories that wait for a steward. */
async function waiting({ admin, topology }: KeptThings): Promise<number> {
  const { stream, name } = stewardDurable(topology);
  return (await admin.durable(stream, name))?.pending ?? 0;
}

function eventIdsOf(letters: readonly { headers: Readonly<Record<string, string>> }[]): string[] {
  return letters.map(({ headers }) => headers["ce-id"] ?? "none").sort();
}

it("stores exactly one dead letter of each message that nobody answered, as it was", async () => {
  const things = await system();
  neverAnswer(things);
  castNet(things);
  const ids = await publish(things, 20);
  await eventually(async () => expect(eventIdsOf(await things.letters())).toEqual(ids.toSorted()), {
    deadlineMs: 20_000,
  });
  const [letter] = await things.letters();
  expect(letter?.subject).toBe(things.consumer.deadLetterSubject);
  expect(new TextDecoder().decode(letter?.data)).toBe(`of ${letter?.headers["ce-id"]}`);
  expect(letter?.headers).toMatchObject({
    shelf: "upper",
    "dlq-code": "MAX_DELIVERIES",
    "dlq-consumer": things.consumer.durable,
    "dlq-stream": things.stream.name,
    "dlq-attempts": "2",
  });
  expect(letter?.headers["dlq-error"]).toContain("delivered 2 times and never answered");
});

it("stores one when the handler's process dies every time", async () => {
  const things = await system({ ackWaitMs: 500, maxDeliver: 3 });
  const env = { NATS_URL: nats.url, STREAM: things.stream.name, DURABLE: things.consumer.durable };
  castNet(things);
  const ids = await publish(things, 1);
  for (let deaths = 0; deaths < 3; deaths += 1) {
    const reader = startProcess({ name: "reader", file: "ops/steward/tests/dying-reader/main.ts", env });
    expect((await reader.exited).signal).toBe("SIGKILL");
  }
  // The server gives up when it is asked for the next.
  neverAnswer(things);
  await eventually(async () => expect(eventIdsOf(await things.letters())).toEqual(ids));
});

it("loses nothing while no steward runs, and two that start later leave one letter each", async () => {
  const things = await system();
  neverAnswer(things);
  const ids = await publish(things, 30);
  await eventually(async () => (await waiting(things)) === 30);
  expect(await things.letters()).toEqual([]);
  const nets = [castNet(things), castNet(things)];
  await eventually(() => nets.flatMap(({ outcomes }) => outcomes).length === 30);
  expect(eventIdsOf(await things.letters())).toEqual(ids.toSorted());
});

it.each([
  { when: "the broker remembers the id", duplicateWindowMs: 3_600_000, outcome: "dead_lettered" },
  { when: "the broker has forgotten the id", duplicateWindowMs: 100, outcome: "known" },
])("leaves one entry beside the process's own net, when $when", async ({ duplicateWindowMs, outcome }) => {
  const things = await system({ ...QUICK, duplicateWindowMs });
  const [id = ""] = await publish(things, 1);
  const message = await things.admin.message(things.stream.name, 1);
  if (message === undefined) throw new Error("the message is not there");
  const delivery: Delivery = { ...message, durable: things.consumer.durable, deliveryCount: 2 };
  await things.broker.publish(ownLetter(delivery, things.consumer, id));
  neverAnswer(things);
  await eventually(async () => (await waiting(things)) === 1);
  const { outcomes } = castNet(things);
  await eventually(() => expect(outcomes).toEqual([outcome]));
  const letters = await things.letters();
  expect(letters.map(({ headers }) => headers["dlq-code"])).toEqual(["HANDLER_FAILED"]);
});

it("makes no dead letter of what was applied: only the acknowledgement was lost", async () => {
  const things = await system();
  const [applied = "", other = ""] = await publish(things, 2);
  await things.taking.work.query("select tandem_record_inbox($1, $2, $3, 1, 'k', 1, 'c', $4, 1)", [
    things.taker,
    things.consumer.event,
    applied,
    things.stream.name,
  ]);
  neverAnswer(things);
  const { outcomes } = castNet(things);
  await eventually(() => expect(outcomes.toSorted()).toEqual(["applied", "dead_lettered"]));
  expect(eventIdsOf(await things.letters())).toEqual([other]);
});

it("makes the key of a message that nobody answered wait, where the contract asks for order", async () => {
  const things = await system({ ...QUICK, orderedByKey: true });
  const headers = { "ce-id": "e-1", "ce-subject": "k", "ce-sequence": "4", "ce-previous": "2" };
  await publishRaw(nats.url, { subject: things.stream.subjects[0] ?? "", headers, data: utf8.encode("of k") });
  neverAnswer(things);
  const { outcomes } = castNet(things);
  await eventually(() => expect(outcomes).toEqual(["dead_lettered"]));
  const { rows } = await things.taking.work.query(
    "select service, event, key, event_id, sequence::int, previous::int, discarded from tandem_key_blocks",
  );
  const { service, event } = things.consumer;
  expect(rows).toEqual([{ service, event, key: "k", event_id: "e-1", sequence: 4, previous: 2, discarded: false }]);
});

it("says so when the message is gone, and takes no other for it", async () => {
  const things = await system();
  const reading = things.broker.subscribe(
    { stream: things.stream.name, durable: things.consumer.durable, concurrency: 5, ackWaitMs: 200 },
    async () => {
      throw new Error("it never answers");
    },
  );
  await publish(things, 1);
  await eventually(async () => (await waiting(things)) === 1);
  await reading.stop();
  // The stream is made anew: another message has the sequence now.
  await things.admin.deleteStream(things.stream.name);
  await things.admin.createStream(things.stream.name, { subjects: [...things.stream.subjects] });
  const [innocent] = await publish(things, 1);
  const { outcomes } = castNet(things);
  await eventually(() => expect(outcomes).toEqual(["dead_lettered"]));
  const [letter, ...others] = await things.letters();
  expect(others).toEqual([]);
  expect(letter?.data.byteLength).toBe(0);
  expect(letter?.headers).toMatchObject({ "dlq-sequence": "1", "dlq-body-omitted": "gone" });
  expect(letter?.headers["dlq-error"]).toContain("the stream has it no more");
  expect(letter?.headers["ce-id"]).not.toBe(innocent);
});

it("passes over what is no advisory, and what is of no durable of the contract", async () => {
  const things = await system();
  const { outcomes } = castNet(things);
  const { settings } = stewardDurable(things.topology);
  const [filter = ""] = settings.filterSubjects;
  const advisory = { stream: things.stream.name, stream_seq: 1, deliveries: 2, timestamp: new Date().toISOString() };
  const strange = ["", "{", "[]", "null", JSON.stringify(advisory), JSON.stringify({ ...advisory, consumer: "other" })];
  const advise = await things.admin.stream("TANDEM_ADVISORIES");
  expect(advise).toBeDefined();
  const net = createNet({ ...things, now: Date.now, onOutcome: (outcome) => outcomes.push(outcome) });
  for (const text of strange) {
    const settled = await net({
      subject: filter.replace("*", "other"),
      data: utf8.encode(text),
      headers: {},
      stream: "TANDEM_ADVISORIES",
      sequence: 1,
      durable: "steward",
      deliveryCount: 1,
      storedAt: Date.now(),
    });
    expect(settled).toEqual({ kind: "ack" });
  }
  expect(outcomes).toEqual([...Array.from({ length: 5 }, () => "malformed"), "unknown_consumer"]);
  expect(await things.letters()).toEqual([]);
});

it("uses the message id of the service's own process", () => {
  const delivery: Delivery = {
    stream: "S",
    sequence: 7,
    subject: "s.v1",
    durable: "d",
    deliveryCount: 3,
    data: utf8.encode("{}"),
    headers: { "ce-id": "e-1" },
    storedAt: 0,
  };
  const by = { service: "svc", channel: "thing", deadLetterSubject: "dead.svc.thing.v1" };
  expect(givenUpLetter({ by, delivery, gone: false }, new Date()).messageId).toBe(
    ownLetter(delivery, by, "e-1").messageId,
  );
});
