import { expect, it } from "vitest";
import { statusText } from "./status-text.ts";

const peer = (server: string, current = true) => ({ server, current });
const stream = { exists: true, messages: 3, bytes: 90, firstSequence: 1, lastSequence: 3 };

it("says of each stream how many servers store it, and which of them is away", () => {
  const text = statusText({
    at: "2027-01-31T12:00:00.000Z",
    server: { address: "nats-1:4222", version: "2.12.1", cluster: "tandem" },
    streams: [
      { stream: "ORDERS", ...stream, peers: [peer("nats-2"), peer("nats-1"), peer("nats-3")] },
      { stream: "PAYMENTS", ...stream, peers: [peer("nats-2"), peer("nats-1", false), peer("nats-3", false)] },
      { stream: "OLD", ...stream, peers: [] },
      { stream: "GONE", ...stream, exists: false, peers: [] },
    ],
    durables: [],
    outboxes: undefined,
    parked: undefined,
    deadLetters: [],
  });
  expect(text.split("\n").slice(2, 7)).toEqual([
    "stream    messages  bytes  sequences  servers",
    "ORDERS    3         90     1 to 3     3",
    "PAYMENTS  3         90     1 to 3     3        away or behind: nats-1, nats-3",
    "OLD       3         90     1 to 3",
    "GONE      missing",
  ]);
});
