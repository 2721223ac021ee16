import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { FUZZ_TIMEOUT_MS, fuzzing } from "../../lab/testing/fuzz.ts";
import { liveMegabytes } from "../../lab/testing/live-memory.ts";
import { openRawNats } from "../../lab/testing/raw-nats.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { readBacklog } from "../postgres/outbox-rows.ts";
import { hostileMessage, OWN_ID, type HostileMessage } from "./hostile-arbitraries.ts";
import { openRig, rigsForTests, type Rig } from "./things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const rigForTest = rigsForTests();
const raw = openRawNats(nats.url);
afterAll(() => raw.close());

/** What a message can be given up for that a stranger published. */
const COMMON = ["BODY_NOT_JSON", "EVENT_INVALID", "ENVELOPE_INVALID"];
// The handler stores and passes on what it was given, which need not be what can be stored or may be published.
const FITTING = [...COMMON, "VALUE_REFUSED", "PAYLOAD_INVALID"];
const MOST_GROWTH_MB = 96;

/** A service that stores what it is given and says so: everything of a message reaches the database and the stream. */
async function startTaker(rig: Rig) {
  const handled: string[] = [];
  const taker = await rig.startTaker(async ({ thing_id, note }, { tx, meta, publish, log }) => {
    await tx.query("create table if not exists taken (thing_id text, note text, at timestamptz, source text)");
    await tx.query("insert into taken values ($1, $2, $3, $4)", [
      thing_id,
      note ?? null,
      meta.occurredAt,
      `${meta.source} ${meta.key} ${meta.causationId}`,
    ]);
    log.info({ note }, "taken");
    publish.thingTaken({ thing_id });
    handled.push(thing_id);
  });
  return { taker, handled };
}

const LINES = {
  "ce-type": "things.made.v1",
  "ce-source": "stranger",
  "ce-time": "2026-01-02T03:04:05Z",
  "correlation-id": "c",
};
const GOOD = { version: "v1", thing_id: "t", count: 1 };

function headerBlock(lines: Readonly<Record<string, string>>, first = "NATS/1.0"): Buffer {
  const all = Object.entries({ "ce-id": randomUUID(), ...LINES, ...lines });
  return Buffer.from([first, ...all.map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n"));
}

/** Answers the sequence, or undefined when the stream does not take the message. */
async function publish(rig: Rig, message: HostileMessage): Promise<number | undefined> {
  const eventId = randomUUID();
  const [headers, data] = [message.headers, message.data].map((bytes) =>
    Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll(OWN_ID, eventId), "latin1"),
  );
  if (headers === undefined || data === undefined) return undefined;
  const answer = await raw.publish({ subject: rig.contract.thingMadeV1.subject, headers, data });
  return answer.kind === "stored" ? answer.sequence : undefined;
}

describe("a message with headers that no library would write", () => {
  const wide = Buffer.concat([headerBlock({}).subarray(0, -2), Buffer.from("x: "), Buffer.alloc(30_000, 0xff)]);
  const cases: [string, Uint8Array, string, string, string][] = [
    [
      "a name with a space",
      headerBlock({ "bad name": "x" }),
      JSON.stringify(GOOD),
      "ENVELOPE_INVALID",
      "cannot be read",
    ],
    ["a name beyond ASCII", headerBlock({ ключ: "x" }), JSON.stringify(GOOD), "ENVELOPE_INVALID", "cannot be read"],
    ["a lone line feed", headerBlock({ x: "a\nb" }), JSON.stringify(GOOD), "ENVELOPE_INVALID", "cannot be read"],
    ["a lone carriage return", headerBlock({ x: "a\rb" }), JSON.stringify(GOOD), "ENVELOPE_INVALID", "cannot be read"],
    ["no name at all", headerBlock({ "": "x" }), "{", "BODY_NOT_JSON", "not JSON"],
    ["as many bytes as a stream takes", headerBlock({ x: "a".repeat(65_200) }), "{", "BODY_NOT_JSON", "not JSON"],
    [
      "bytes that are no UTF-8 and grow when they are read",
      Buffer.concat([wide, Buffer.from("\r\n\r\n")]),
      "{",
      "BODY_NOT_JSON",
      "not JSON",
    ],
    ["a status and no body", headerBlock({}, "NATS/1.0 503"), "", "BODY_NOT_JSON", "0 bytes"],
    ["the name of the prototype", headerBlock({ ["__proto__"]: "y" }), "{", "BODY_NOT_JSON", "not JSON"],
    [
      "a time before all time",
      headerBlock({ "ce-time": "0000-01-01T00:00:00Z" }),
      JSON.stringify(GOOD),
      "ENVELOPE_INVALID",
      "ce-time",
    ],
    [
      "a day that is none",
      headerBlock({ "ce-time": "2026-02-30T00:00:00Z" }),
      JSON.stringify(GOOD),
      "ENVELOPE_INVALID",
      "ce-time",
    ],
    [
      "a zone that is none",
      headerBlock({ "ce-time": "2026-01-01T00:00:00+23:59" }),
      JSON.stringify(GOOD),
      "ENVELOPE_INVALID",
      "ce-time",
    ],
  ];

  // One service meets them all: whatever one does to it, the next ones feel.
  let rig: Rig;
  let handled: readonly string[];
  beforeAll(async () => {
    rig = await openRig({ natsUrl: nats.url, databaseUrl: database.url });
    ({ handled } = await startTaker(rig));
  });
  afterAll(() => rig.close());

  it.each(cases)(
    "%s: settled at its first delivery, and the next message is handled",
    async (_, headers, body, code, words) => {
      const before = [...handled];
      const sequence = await publish(rig, { headers, data: Buffer.from(body) });
      await rig.publishThing(`next-${sequence}`);
      await rig.settled();
      expect(handled).toEqual([...before, `next-${sequence}`]);
      const letters = (await rig.deadLetters()).filter(
        ({ headers: told }) => told["dlq-sequence"] === String(sequence),
      );
      expect(letters).toMatchObject([
        {
          headers: {
            "dlq-code": code,
            "dlq-attempts": "1",
            "dlq-sequence": String(sequence),
            "dlq-error": expect.stringContaining(words),
          },
        },
      ]);
      expect(Buffer.from(letters[0]?.data ?? []).toString()).toBe(body);
    },
  );

  it("a status of the broker is a message like any other", async () => {
    const before = [...handled];
    const letters = await rig.deadLetters();
    await publish(rig, {
      headers: headerBlock({}, "NATS/1.0 404 No Messages"),
      data: Buffer.from(JSON.stringify(GOOD)),
    });
    await rig.publishThing("next");
    await rig.settled();
    expect(handled).toEqual([...before, "t", "next"]);
    expect(await rig.deadLetters()).toEqual(letters);
  });
});

it("a message with headers that no library would write stays readable for whoever looks into the stream, without them", async () => {
  const rig = await rigForTest({ natsUrl: nats.url, databaseUrl: database.url });
  const data = Buffer.from(JSON.stringify(GOOD));
  const sequence = await publish(rig, { headers: headerBlock({ "bad name": "x" }), data });
  await publish(rig, { headers: headerBlock({}), data });
  const { admin, contract } = rig;
  expect(await admin.message(contract.stream, sequence ?? 0)).toMatchObject({ headers: {}, sequence });
  expect((await rig.stored()).map((message) => "ce-id" in message.headers)).toEqual([false, true]);
});

describe("a value that the database cannot hold", () => {
  it("is a dead letter at once, not after five attempts", async () => {
    const rig = await rigForTest({ natsUrl: nats.url, databaseUrl: database.url });
    await startTaker(rig);
    await publish(rig, { headers: headerBlock({}), data: Buffer.from(JSON.stringify({ ...GOOD, note: "a\0b" })) });
    await rig.publishThing("next");
    await rig.settled();
    const letters = await rig.deadLetters();
    expect(letters.map(({ headers }) => [headers["dlq-code"], headers["dlq-attempts"]])).toEqual([
      ["VALUE_REFUSED", "1"],
    ]);
  });
});

it(
  "ends every message that anybody can publish acknowledged or as one dead letter, and stays as small as it was",
  { timeout: FUZZ_TIMEOUT_MS },
  async () => {
    const rig = await rigForTest({ natsUrl: nats.url, databaseUrl: database.url });
    const { taker, handled } = await startTaker(rig);
    const codes = new Map<string, number>();
    let letterFrom = 1;
    let good = 0;
    let before: number | undefined;
    const { admin, contract } = rig;
    const durable = `${contract.taker.name}-thingMade-v1`;

    const batch = fc.array(hostileMessage, { minLength: 1, maxLength: 60, size: "max" });
    const property = fc.asyncProperty(batch, async (messages) => {
      const sequences: number[] = [];
      let last = 0;
      const goodIds: string[] = [];
      for (const [index, message] of messages.entries()) {
        const sequence = await publish(rig, message);
        if (sequence !== undefined) sequences.push(sequence);
        if (index % 8 !== 0 && index !== messages.length - 1) continue;
        const id = `good-${(good += 1)}`;
        const data = Buffer.from(JSON.stringify({ ...GOOD, thing_id: id }));
        last = (await publish(rig, { headers: headerBlock({}), data })) ?? last;
        goodIds.push(id);
      }
      await eventually(async () => {
        const info = await admin.durable(contract.stream, durable);
        return info !== undefined && info.pending === 0 && info.ackPending === 0 && info.deliveredSequence >= last;
      });
      expect(handled.filter((id) => goodIds.includes(id)).toSorted()).toEqual(goodIds.toSorted());
      const letters = new Map<number, number>();
      const subjects = [`dead.${contract.taker.name}.thingMade.v1`];
      for await (const { sequence, headers } of admin.readStream("DEAD_LETTERS", {
        subjects,
        from: letterFrom,
        follow: false,
      })) {
        letterFrom = sequence + 1;
        const [code, original] = [headers["dlq-code"] ?? "", Number(headers["dlq-sequence"])];
        expect(FITTING).toContain(code);
        expect(headers["dlq-attempts"]).toBe("1");
        codes.set(code, (codes.get(code) ?? 0) + 1);
        letters.set(original, (letters.get(original) ?? 0) + 1);
      }
      const applied = await rig.rows<{ sequence: number }>(
        `select stream_sequence::int as sequence from "${contract.taker.name}".tandem_inbox where stream_sequence >= $1`,
        [sequences[0] ?? last],
      );
      const ends = sequences.map(
        (sequence) => (letters.get(sequence) ?? 0) + applied.filter((row) => row.sequence === sequence).length,
      );
      expect(ends).toEqual(sequences.map(() => 1));
      before ??= liveMegabytes();
    });
    await fc.assert(property, fuzzing(10));

    await eventually(async () => (await readBacklog(taker.context.database)).rows === 0);
    // Otherwise nothing was tried.
    expect([...codes]).toEqual(expect.arrayContaining(COMMON.map((code) => [code, expect.any(Number)])));
    expect(liveMegabytes() - (before ?? 0)).toBeLessThan(MOST_GROWTH_MB);
    expect((await fetch(`${taker.url}/health/ready`)).status).toBe(200);
  },
);
