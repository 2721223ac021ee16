import { describe, expect, it } from "vitest";
import { discardOf, replayOf } from "./replay-messages.ts";

const order = { id: "r-1", of: 7, by: "Ann", why: "the gateway\r\nis back: 100 %" };
const orderHeaders = {
  "replay-id": "r-1",
  "replay-of": "7",
  "replay-by": "Ann",
  "replay-why": "the%20gateway%20is%20back:%20100%20%25",
};

describe("a replay", () => {
  it("is the message as it came, without what the broker and earlier failures wrote, under an id of its own", () => {
    const headers = {
      "ce-id": "e-1",
      "Nats-Msg-Id": "dlq:a:b:e-1",
      "nats-rollup": "sub",
      "dlq-code": "HANDLER_FAILED",
      "Replay-Id": "r-0",
      "x-mine": "kept",
    };
    const data = new TextEncoder().encode("{}");
    expect(replayOf({ headers, data }, "replay.taker-thingMade-v1", order)).toEqual({
      subject: "replay.taker-thingMade-v1",
      data,
      headers: { "ce-id": "e-1", "x-mine": "kept", ...orderHeaders },
      messageId: "replay:r-1",
    });
  });
});

describe("the word that a letter is discarded", () => {
  it("names the event and its place in its key, and has no body", () => {
    expect(
      discardOf({ eventId: "e-1", key: "ä", sequence: 7, previous: 4 }, "replay.taker-thingMade-v1", order),
    ).toEqual({
      subject: "replay.taker-thingMade-v1",
      data: new Uint8Array(),
      headers: {
        "ce-id": "e-1",
        "ce-subject": "%C3%A4",
        "ce-sequence": "7",
        "ce-previous": "4",
        "replay-action": "discard",
        ...orderHeaders,
      },
      messageId: "replay:r-1",
    });
  });
});
