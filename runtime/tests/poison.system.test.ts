import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { rigsForTests, type Rig } from "./things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const openRig = rigsForTests();
const rigForTest = async (): Promise<Rig> => openRig({ natsUrl: nats.url, databaseUrl: database.url });

describe("a message that no contract allows", () => {
  const headers = () => ({
    "ce-id": randomUUID(),
    "ce-type": "things.made.v1",
    "ce-source": "stranger",
    "ce-time": "2026-01-02T03:04:05Z",
    "correlation-id": "c-1",
  });
  const good = { version: "v1", thing_id: "t", count: 1 };
  const bad: [string, unknown, Record<string, string>, string, string][] = [
    ["is not JSON", "{ nothing", headers(), "BODY_NOT_JSON", "is not JSON"],
    ["is not UTF-8", new Uint8Array([0x22, 0xff, 0xfe, 0x22]), headers(), "BODY_NOT_JSON", "4 bytes, is not UTF-8"],
    ["is empty", "", headers(), "BODY_NOT_JSON", "0 bytes"],
    ["is JSON of another shape", [1, 2], headers(), "EVENT_INVALID", "required property"],
    ["breaks the schema", { ...good, count: 0 }, headers(), "EVENT_INVALID", "/count must be >= 1"],
    ["says another version", { ...good, version: "v2" }, headers(), "EVENT_INVALID", '/version must be "v1"'],
    [
      "is nested too deep",
      "[".repeat(50_000) + "]".repeat(50_000),
      headers(),
      "EVENT_INVALID",
      "deeper than 100 levels",
    ],
    [
      "has no headers and no meta",
      good,
      {},
      "ENVELOPE_INVALID",
      "ce-id is missing, and so is meta.event_id in the body; correlation-id",
    ],
    [
      "has the type of another event",
      good,
      { ...headers(), "ce-type": "things.broken.v1" },
      "ENVELOPE_INVALID",
      "things.broken.v1",
    ],
    ["has a time that is none", good, { ...headers(), "ce-time": "yesterday" }, "ENVELOPE_INVALID", "ce-time"],
  ];

  it.each(bad)(
    "%s: a dead letter with the reason, and the next message is handled",
    async (_, body, given, code, reason) => {
      const rig = await rigForTest();
      const handled: string[] = [];
      await rig.startTaker(({ thing_id }) => {
        handled.push(thing_id);
      });
      await rig.publishRaw(body, given);
      await rig.publishThing("t-next");
      await rig.settled();
      expect(handled).toEqual(["t-next"]);
      const letters = await rig.deadLetters();
      expect(letters.map(({ headers: found }) => found["dlq-code"])).toEqual([code]);
      expect(letters[0]?.headers["dlq-error"]).toContain(reason);
      expect(letters[0]?.headers["dlq-error"]?.length).toBeLessThanOrEqual(500);
      expect(letters[0]?.data).toEqual((await rig.stored())[0]?.data);
    },
  );

  it("is as large as the broker takes: its dead letter says where the body is, and does without it", async () => {
    const rig = await rigForTest();
    await rig.startTaker(() => undefined);
    const body = "x".repeat(rig.admin.server.maxPayload - 300);
    await rig.publishRaw(body, headers());
    await rig.settled();
    const [letter] = await rig.deadLetters();
    expect(letter?.data.byteLength).toBe(0);
    expect(letter?.headers).toMatchObject({
      "dlq-code": "BODY_NOT_JSON",
      "dlq-body-omitted": `${body.length} bytes`,
      "dlq-stream": rig.contract.stream,
      "dlq-sequence": "1",
    });
  });

  it("has no headers and says who it is in its body: it is handled", async () => {
    const rig = await rigForTest();
    const seen: unknown[] = [];
    await rig.startTaker((_, { meta }) => {
      seen.push(meta);
    });
    const meta = {
      event_id: randomUUID(),
      occurred_at: "2026-01-02T03:04:05Z",
      correlation_id: "old-1",
      causation_id: "old-0",
      sequence: 4,
    };
    await rig.publishRaw({ ...good, meta }, {});
    await rig.settled();
    expect(seen).toMatchObject([
      {
        eventId: meta.event_id,
        correlationId: "old-1",
        causationId: "old-0",
        sequence: 4,
        key: "t",
        source: "unknown",
      },
    ]);
  });
});
