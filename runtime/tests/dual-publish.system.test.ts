import { describe, expect, it } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { cause } from "./things-rig.ts";
import { bodyOf, versionsRig } from "./versions-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const rigForTest = async () => versionsRig({ natsUrl: nats.url, databaseUrl: database.url });
const thing = { thing_id: "t-1", amount: 3, colour: "red" };
const gold = { thing_id: "t-2", amount: 1, colour: "gold" };

describe("an event in two versions", () => {
  it("is published in both, newest first, with one event id and a message id and a schema for each", async () => {
    const rig = await rigForTest();
    const maker = await rig.start(rig.release().writesV2, { handlers: {} });
    await maker.context.transact(cause, async ({ publish }) => publish.thingMade(thing));
    await rig.settled();

    const [v2, v1, ...more] = await rig.stored();
    if (v2 === undefined || v1 === undefined) throw new Error("both versions should be stored");
    const eventId = v2.headers["ce-id"];
    expect(more).toEqual([]);
    expect(v2).toMatchObject({
      subject: rig.v2.subject,
      headers: {
        "ce-type": "things.made.v2",
        "Nats-Msg-Id": `${eventId}:2`,
        "ce-dataschema": "/schemas/things.made/v2.json",
      },
    });
    expect(v1).toMatchObject({
      subject: rig.v1.subject,
      headers: {
        "ce-id": eventId,
        "ce-type": "things.made.v1",
        "Nats-Msg-Id": `${eventId}:1`,
        "ce-dataschema": "/schemas/things.made/v1.json",
      },
    });
    const { meta, ...old } = bodyOf(v1);
    expect(old).toEqual({ version: "v1", thing_id: "t-1", count: 3 });
    expect(meta).toEqual(bodyOf(v2)["meta"]);
    const [row] = await rig.rows(
      `select stream_sequences, first_sequence, unrepresentable from ${rig.release().maker}.tandem_published`,
    );
    expect(row).toEqual({ stream_sequences: ["1", "2"], first_sequence: "1", unrepresentable: null });
    const metrics = await metricsOf(maker.url);
    expect(metrics).toContain(`event="things.made",version="1",direction="out",outcome="published"} 1`);
    expect(metrics).toContain(`event="things.made",version="2",direction="out",outcome="published"} 1`);
  });

  it("is derived upwards while the old version is the one that is written", async () => {
    const rig = await rigForTest();
    const maker = await rig.start(rig.release().writesV1, { handlers: {} });
    await maker.context.transact(cause, async ({ publish }) => publish.thingMade({ thing_id: "t-1", count: 4 }));
    await rig.settled();
    const stored = await rig.stored();
    expect(stored.map(({ subject }) => subject)).toEqual([rig.v2.subject, rig.v1.subject]);
    expect(stored.map(bodyOf)).toMatchObject([
      { version: "v2", amount: 4, colour: "grey" },
      { version: "v1", count: 4 },
    ]);
  });

  it("gives its mapping the hand-written part that the service brings, and refuses to start without", async () => {
    const rig = await rigForTest();
    const { writesV2ByHand } = rig.release({
      evolution: {
        parts: "thingMadeV1V2",
        down: ({ thing_id, amount }: typeof thing, parts: { countOf(amount: number): number }) => ({
          thing_id,
          count: parts.countOf(amount),
        }),
      },
    });
    const evolutions = { thingMadeV1V2: { colourOf: () => "grey", countOf: (amount: number) => amount * 10 } };
    const maker = await rig.start(writesV2ByHand, { handlers: {}, evolutions });
    await maker.context.transact(cause, async ({ publish }) => publish.thingMade(thing));
    await rig.settled();
    expect((await rig.stored()).map(bodyOf)).toMatchObject([{ amount: 3 }, { count: 30 }]);
    // @ts-expect-error the compiler demands the part
    await expect(rig.start(writesV2ByHand, { handlers: {} })).rejects.toMatchObject({
      code: "EVOLUTION_MISSING",
      message: expect.stringContaining("thingMadeV1V2"),
    });
  });
});

describe("an event that v1 cannot say", () => {
  it("is published without v1 and counted: skip-and-count", async () => {
    const rig = await rigForTest();
    const maker = await rig.start(rig.release().writesV2, { handlers: {} });
    await maker.context.transact(cause, async ({ publish }) => publish.thingMade(gold));
    await rig.settled();
    expect((await rig.stored()).map(({ subject }) => subject)).toEqual([rig.v2.subject]);
    const metrics = await metricsOf(maker.url);
    expect(metrics).toContain(`event="things.made",version="1"} 1`);
    expect(metrics).not.toContain(`version="1",direction="out"`);
    const [row] = await rig.rows<{ unrepresentable: object }>(
      `select unrepresentable from ${rig.release().maker}.tandem_published`,
    );
    expect(row?.unrepresentable).toMatchObject([{ version: 1, policy: "skip-and-count", said: 2 }]);
    expect(await rig.deadLetters(rig.release().maker)).toEqual([]);
  });

  it("is refused at the call, with all that the run did: reject-publish", async () => {
    const rig = await rigForTest();
    const maker = await rig.start(rig.release({ down: "reject-publish" }).writesV2, { handlers: {} });
    const run = maker.context.transact(cause, async ({ publish }) => {
      publish.thingMade(thing);
      publish.thingMade(gold);
    });
    await expect(run).rejects.toMatchObject({
      code: "UNREPRESENTABLE",
      message: expect.stringContaining("things.made.v1"),
    });
    expect(await rig.rows(`select 1 from ${rig.release().maker}.tandem_outbox`)).toEqual([]);
  });

  it("leaves a dead letter that names the version that was written: dead-letter", async () => {
    const rig = await rigForTest();
    const { writesV2, maker: name } = rig.release({ down: "dead-letter" });
    const maker = await rig.start(writesV2, { handlers: {} });
    await maker.context.transact(cause, async ({ publish }) => {
      publish.thingMade(thing);
      publish.thingMade(gold);
    });
    await rig.settled();
    const stored = await rig.stored();
    const written = stored.findLast(({ subject }) => subject === rig.v2.subject);
    const [letter, ...more] = await rig.deadLetters(name);
    if (letter === undefined || written === undefined) throw new Error("there should be a dead letter");
    expect(more).toEqual([]);
    expect(letter.subject).toBe(`dead.${name}.thingMade.v1`);
    expect(letter.headers).toMatchObject({
      "ce-id": written.headers["ce-id"],
      "ce-type": "things.made.v2",
      "dlq-code": "UNREPRESENTABLE",
      "dlq-stream": rig.stream,
      "dlq-sequence": String(written.sequence),
      "dlq-subject": rig.v2.subject,
    });
    expect(bodyOf(letter)).toEqual(bodyOf(written));
    expect(await metricsOf(maker.url)).toContain(`event="things.made",version="1",code="UNREPRESENTABLE"} 1`);
  });
});

describe("a mapping that does not work", () => {
  it.each([
    [
      "throws",
      () => {
        throw new Error("no idea");
      },
      "things.made.v2 to things.made.v1 failed: it threw: no idea",
    ],
    ["makes what v1 refuses", () => ({ thing_id: "t-1", count: "3" }), "/count is wrong"],
    ["makes no object", () => "v1", "it made string and no object"],
    ["changes the key", () => ({ thing_id: "t-9", count: 3 }), "it changed the key, /thing_id"],
  ])("fails the call when it %s, and nothing is published", async (_, down, words) => {
    const rig = await rigForTest();
    const maker = await rig.start(rig.release({ evolution: { down } }).writesV2, { handlers: {} });
    await expect(maker.context.transact(cause, async ({ publish }) => publish.thingMade(thing))).rejects.toMatchObject({
      code: "SHIM_FAILED",
      message: expect.stringContaining(words),
    });
    expect(await rig.rows(`select 1 from ${rig.release().maker}.tandem_outbox`)).toEqual([]);
  });
});

describe("a deploy between the commit and the publish", () => {
  it("changes nothing: what was pinned is published, no version more and none less", async () => {
    const rig = await rigForTest();
    const old = await rig.start(rig.release({ published: [1] }).writesV1, {
      handlers: {},
      env: { NATS_URL: "nats://127.0.0.1:1" },
    });
    await old.context.transact(cause, async ({ publish }) => publish.thingMade({ thing_id: "t-1", count: 1 }));
    await old.stop();
    const dual = await rig.start(rig.release().writesV1, { handlers: {}, env: { NATS_URL: "nats://127.0.0.1:1" } });
    await dual.context.transact(cause, async ({ publish }) => publish.thingMade({ thing_id: "t-2", count: 2 }));
    await dual.stop();
    await rig.start(rig.release({ published: [2] }).writesV2, { handlers: {} });
    await rig.settled();
    expect((await rig.stored()).map(bodyOf)).toMatchObject([
      { version: "v1", thing_id: "t-1", count: 1 },
      { version: "v2", thing_id: "t-2", amount: 2, colour: "grey" },
      { version: "v1", thing_id: "t-2", count: 2 },
    ]);
  });
});

/** With the label `service` left out, which stands first in some lines and last in others. */
async function metricsOf(url: string): Promise<string> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.replaceAll(/,?service="[^"]*",?/g, "");
}
