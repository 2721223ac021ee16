import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { PermanentError } from "../errors.ts";
import { cause, rigsForTests, type Rig } from "./things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const openRig = rigsForTests();
const rigForTest = async (): Promise<Rig> => openRig({ natsUrl: nats.url, databaseUrl: database.url });

describe("an event between two services", () => {
  it("reaches the handler of the other service once, with its envelope, and what that publishes comes back", async () => {
    const rig = await rigForTest();
    const seen: { event: unknown; correlationId: string; sequence: number | undefined; eventId: string }[] = [];
    const answers: { correlationId: string; causationId: string; key: string; source: string }[] = [];
    await rig.startTaker((event, { publish, meta }) => {
      seen.push({ event, correlationId: meta.correlationId, sequence: meta.sequence, eventId: meta.eventId });
      publish.thingTaken({ thing_id: event.thing_id });
    });
    const maker = await rig.start(rig.contract.maker, {
      handlers: {
        thingTaken: (_, { meta }) => {
          answers.push({
            correlationId: meta.correlationId,
            causationId: meta.causationId,
            key: meta.key,
            source: meta.source,
          });
        },
      },
    });
    await maker.ready;
    await maker.context.transact(cause, async ({ publish }) => {
      publish.thingMade({ thing_id: "t-1", count: 2 });
      publish.thingMade({ thing_id: "t-1", count: 3 });
    });
    await rig.settled();

    expect(answers).toHaveLength(2);
    expect(seen.map(({ sequence }) => sequence)).toEqual([1, 2]);
    expect(seen[0]).toMatchObject({ correlationId: "req-1", event: { version: "v1", thing_id: "t-1", count: 2 } });
    expect(answers[0]).toEqual({
      correlationId: "req-1",
      causationId: seen[0]?.eventId,
      key: "t-1",
      source: rig.contract.taker.name,
    });
    const [first] = await rig.stored();
    expect(first?.headers).toMatchObject({
      "ce-specversion": "1.0",
      "ce-id": seen[0]?.eventId,
      "ce-type": "things.made.v1",
      "ce-source": rig.contract.maker.name,
      "ce-subject": "t-1",
      "ce-sequence": "1",
      "correlation-id": "req-1",
      "Nats-Msg-Id": `${seen[0]?.eventId}:1`,
    });
    const body = JSON.parse(new TextDecoder().decode(first?.data));
    expect(Object.keys(body)).toEqual(["version", "thing_id", "count", "meta"]);
    expect(body.meta).toMatchObject({
      event_id: seen[0]?.eventId,
      correlation_id: "req-1",
      causation_id: "req-1",
      sequence: 1,
    });
  });
});

describe("a delivery", () => {
  it("of a fact that was applied before is acknowledged and not applied again", async () => {
    const rig = await rigForTest();
    let runs = 0;
    const taker = await rig.startTaker(() => {
      runs += 1;
    });
    const eventId = randomUUID();
    const { correlationId } = await rig.publishThing("t-dup", { eventId });
    await rig.publishRaw(
      { version: "v1", thing_id: "t-dup", count: 1 },
      { "ce-id": eventId, "ce-time": new Date().toISOString(), "correlation-id": correlationId },
      "another message id",
    );
    await rig.settled();
    expect(runs).toBe(1);
    const metrics = await metricsOf(taker.url);
    expect(metrics).toContain('outcome="duplicate"');
    expect(
      await rig.rows(`select event, event_id, key, version from "${rig.contract.taker.name}".tandem_inbox`),
    ).toEqual([{ event: "things.made", event_id: eventId, key: "t-dup", version: 1 }]);
    expect(await rig.deadLetters()).toEqual([]);
  });

  it("whose handler throws is retried after a delay, and its failed runs leave nothing behind", async () => {
    const rig = await rigForTest();
    const attempts: number[] = [];
    await rig.startTaker(async (event, { tx, publish, delivery }) => {
      attempts.push(delivery.attempt);
      publish.thingTaken({ thing_id: event.thing_id });
      await tx.query("create table if not exists taken (thing_id text)");
      await tx.query("insert into taken values ($1)", [event.thing_id]);
      if (attempts.length < 3) throw new Error("not yet");
    });
    await rig.publishThing("t-retry");
    await rig.settled();
    expect(attempts).toEqual([1, 2, 3]);
    const { taker } = rig.contract;
    expect(await rig.rows(`select * from "${taker.name}".taken`)).toEqual([{ thing_id: "t-retry" }]);
    expect(await rig.rows(`select runs from "${taker.name}".tandem_inbox`)).toEqual([{ runs: 3 }]);
    expect(await rig.stored()).toHaveLength(2);
    expect(await rig.rows(`select sequence::int from "${taker.name}".tandem_published`)).toEqual([{ sequence: 1 }]);
    expect(await rig.rows(`select 1 from "${taker.name}".tandem_outbox`)).toEqual([]);
    expect(await rig.deadLetters()).toEqual([]);
  });

  it("that fails for good is one dead letter with the original bytes, headers and reason", async () => {
    const rig = await rigForTest();
    let runs = 0;
    await rig.startTaker(() => {
      runs += 1;
      throw new PermanentError("no such\nthing, ever \u2603");
    });
    const envelope = await rig.publishThing("t-permanent");
    await rig.settled();
    const [letter, ...others] = await rig.deadLetters();
    expect(others).toEqual([]);
    expect(runs).toBe(1);
    expect(letter?.headers).toMatchObject({
      "ce-id": envelope.eventId,
      "correlation-id": envelope.correlationId,
      "Nats-Msg-Id": `dlq:${rig.contract.taker.name}:thingMade:${envelope.eventId}`,
      "dlq-stream": rig.contract.stream,
      "dlq-sequence": "1",
      "dlq-subject": rig.contract.thingMadeV1.subject,
      "dlq-consumer": `${rig.contract.taker.name}-thingMade-v1`,
      "dlq-attempts": "1",
      "dlq-code": "PERMANENT",
      "dlq-error": "no such thing, ever \u2603",
    });
    expect(Date.parse(letter?.headers["dlq-time"] ?? "")).not.toBeNaN();
    expect(letter?.data).toEqual((await rig.stored())[0]?.data);
    expect(await rig.rows(`select * from "${rig.contract.taker.name}".tandem_inbox`)).toEqual([]);
  });

  it("that fails at every attempt is one dead letter after the fifth", async () => {
    const rig = await rigForTest();
    let runs = 0;
    const taker = await rig.startTaker(() => {
      runs += 1;
      throw new Error(`failure ${runs}`);
    });
    await rig.publishThing("t-transient");
    await rig.settled();
    expect(runs).toBe(5);
    const letters = await rig.deadLetters();
    expect(letters.map(({ headers }) => headers)).toMatchObject([
      { "dlq-code": "HANDLER_FAILED", "dlq-error": "failure 5", "dlq-attempts": "5" },
    ]);
    expect(await metricsOf(taker.url)).toMatch(/tandem_dead_letters_total\{.*code="HANDLER_FAILED".*\} 1/);
  });

  it("whose handler publishes what the contract refuses is a dead letter that names the path", async () => {
    const rig = await rigForTest();
    await rig.startTaker((_, { publish }) => publish.thingTaken({ thing_id: "" }));
    await rig.publishThing("t-payload");
    await rig.settled();
    const [letter] = await rig.deadLetters();
    expect(letter?.headers["dlq-code"]).toBe("PAYLOAD_INVALID");
    expect(letter?.headers["dlq-error"]).toContain("/thing_id must be string");
    expect(await rig.rows(`select * from "${rig.contract.taker.name}".tandem_outbox`)).toEqual([]);
  });

  it("whose handler swallows the failure of a statement is not acknowledged as if it had been applied", async () => {
    const rig = await rigForTest();
    await rig.startTaker(async (_, { tx }) => {
      await tx.query("select 1 / 0").catch(() => undefined);
    });
    await rig.publishThing("t-swallowed");
    await rig.settled();
    expect((await rig.deadLetters()).map(({ headers }) => headers["dlq-code"])).toEqual(["TRANSACTION_ABORTED"]);
  });
});

async function metricsOf(url: string): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}
