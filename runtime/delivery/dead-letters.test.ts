import { describe, expect, it } from "vitest";
import type { Broker, Delivery, OutgoingMessage } from "../broker.ts";
import { TandemError } from "../errors.ts";
import { deadLetterOf, publishDeadLetter } from "./dead-letters.ts";
import { fingerprintOf } from "./fingerprint.ts";

const delivery: Delivery = {
  subject: "things.made.v1",
  data: new TextEncoder().encode("{}"),
  headers: {
    "ce-id": "e-1",
    "Nats-Msg-Id": "e-1:1",
    "nats-rollup": "sub",
    "Nats-Batch-Id": "b",
    "Dlq-Code": "OLD",
    "Replay-Id": "r-0",
    "x-mine": "kept",
  },
  stream: "THINGS",
  sequence: 42,
  durable: "taker-thingMade-v1",
  deliveryCount: 5,
  storedAt: 0,
};
const by = { service: "taker", channel: "thingMade", deadLetterSubject: "dead.taker.thingMade.v1" };
const now = new Date("2026-01-02T03:04:05.678Z");

describe("a dead letter", () => {
  it("is the original without what the broker acts on, with where it came from and why", () => {
    const letter = deadLetterOf(
      delivery,
      by,
      { code: "HANDLER_FAILED", message: "bad\r\nluck", eventId: "e-1", attempts: 4 },
      now,
    );
    expect(letter).toEqual({
      subject: "dead.taker.thingMade.v1",
      data: delivery.data,
      messageId: "dlq:taker:thingMade:e-1",
      headers: {
        "ce-id": "e-1",
        "x-mine": "kept",
        "dlq-stream": "THINGS",
        "dlq-sequence": "42",
        "dlq-subject": "things.made.v1",
        "dlq-consumer": "taker-thingMade-v1",
        "dlq-attempts": "4",
        "dlq-code": "HANDLER_FAILED",
        "dlq-error": "bad luck",
        "dlq-fingerprint": fingerprintOf({ ...by, code: "HANDLER_FAILED", words: "bad luck" }),
        "dlq-time": "2026-01-02T03:04:05.678Z",
      },
    });
  });

  it("of a message that does not say who it is has the id of its place", () => {
    const letter = deadLetterOf(delivery, by, { code: "BODY_NOT_JSON", message: "", eventId: undefined }, now);
    expect(letter.messageId).toBe("dlq:taker-thingMade-v1:THINGS:42");
    // Nobody counted its runs.
    expect(letter.headers["dlq-attempts"]).toBe("5");
  });

  it("of a replay is another entry, for each replay one", () => {
    const replayed = { ...delivery, subject: "replay.taker-thingMade-v1" };
    const idOf = (eventId: string | undefined, headers = delivery.headers) =>
      deadLetterOf({ ...replayed, headers }, by, { code: "PERMANENT", message: "", eventId }, now).messageId;
    expect(idOf("e-1")).toBe("dlq:taker:thingMade:e-1:r-0");
    expect(idOf(undefined)).toBe("dlq:taker-thingMade-v1:THINGS:42:r-0");
    expect(idOf("e-1", {})).toBe("dlq:taker:thingMade:e-1:42");
    expect(idOf("e-1", { "replay-id": "r".repeat(60_000) })).toBe("dlq:taker:thingMade:e-1:42");
  });

  it("says no more than 500 characters of an endless error, and never nothing", () => {
    const of = (message: string) =>
      deadLetterOf(delivery, by, { code: "HANDLER_FAILED", message, eventId: "e" }, now).headers["dlq-error"];
    expect(of("x".repeat(10_000_000))).toBe(`${"x".repeat(499)}…`);
    expect(of("\n\t")).toBe("HANDLER_FAILED");
  });

  it("that is too large for the broker is stored without its body", async () => {
    const published: OutgoingMessage[] = [];
    const broker = pickyBroker(published, (message) => message.data.byteLength > 0);
    const letter = deadLetterOf(delivery, by, { code: "EVENT_INVALID", message: "too much", eventId: "e-1" }, now);
    await publishDeadLetter(broker, letter);
    expect(published).toMatchObject([
      { data: new Uint8Array(), messageId: letter.messageId, headers: { "dlq-body-omitted": "2 bytes" } },
    ]);
  });

  it("whose headers the broker does not take keeps its body and what is ordinary of its envelope", async () => {
    const published: OutgoingMessage[] = [];
    const broker = pickyBroker(published, ({ headers }) => "" in headers || "x-mine" in headers);
    const headers = { ...delivery.headers, "": "no name", "ce-subject": "s".repeat(2_000), "correlation-id": "c" };
    const failure = { code: "EVENT_INVALID", message: "bad", eventId: "e-1" } as const;
    const letter = deadLetterOf({ ...delivery, headers }, by, failure, now);
    await publishDeadLetter(broker, letter);
    expect(published).toMatchObject([{ data: delivery.data, messageId: letter.messageId }]);
    expect(published[0]?.headers).toMatchObject({
      "ce-id": "e-1",
      "correlation-id": "c",
      "dlq-code": "EVENT_INVALID",
      "dlq-headers-omitted": "3 headers",
    });
    expect(published[0]?.headers).not.toHaveProperty("ce-subject");
  });

  it("says when the headers of the original could not be read", () => {
    const failure = { code: "ENVELOPE_INVALID", message: "bad", eventId: undefined } as const;
    const { headers } = deadLetterOf({ ...delivery, headers: {}, headersFault: "odd" }, by, failure, now);
    expect(headers["dlq-headers-omitted"]).toBe("all: they cannot be read");
  });

  it("that the broker does not take at all is an error", async () => {
    const broker = pickyBroker([], () => true);
    const letter = deadLetterOf(delivery, by, { code: "EVENT_INVALID", message: "", eventId: "e-1" }, now);
    await expect(publishDeadLetter(broker, letter)).rejects.toMatchObject({ code: "PUBLISH_REFUSED" });
  });
});

function pickyBroker(
  published: OutgoingMessage[],
  refuses: (message: OutgoingMessage) => boolean,
): Pick<Broker, "publish"> {
  return {
    publish: async (message) => {
      if (refuses(message)) throw new TandemError("PUBLISH_REFUSED", "no");
      published.push(message);
      return { stream: "DEAD", sequence: 1, duplicate: false };
    },
  };
}
