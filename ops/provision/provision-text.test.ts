import { expect, it } from "vitest";
import type { Change } from "./plan.ts";
import { differs, provisionText } from "./provision-text.ts";

const stream: Change = { resource: "stream", name: "ORDERS", kind: "unchanged", fields: [] };
const drift = { setting: "max_msgs", value: 5, says: "a full stream drops", allow: "drift:ORDERS.max_msgs" };

it("shows of each change what differs, and what was allowed", () => {
  const changes: Change[] = [
    {
      ...stream,
      kind: "update",
      fields: [
        { field: "maxAgeMs", from: 1, to: 2 },
        { field: "subjects", from: ["a", "b"], to: ["b", "c"] },
        { field: "metadata", from: { one: "1", version: "1.0.0" }, to: { one: "1", version: "1.1.0", owner: "order" } },
      ],
      dangers: [{ allow: "subjects:ORDERS", says: "Nobody takes a any more.", allowed: true }],
      drift: [{ ...drift, allowed: false }],
    },
    {
      ...{ resource: "durable", name: "ORDERS/old", kind: "update" },
      fields: [
        { field: "priority", from: null, to: { policy: "pinned", timeoutMs: 30_000 } },
        { field: "ackWaitMs", from: 30_000, to: 10_000 },
      ],
    },
    { resource: "durable", name: "ORDERS/new", kind: "create", fields: [], backlog: 7 },
    { ...stream, name: "OTHER" },
  ];
  expect(provisionText({ server: "development", address: "127.0.0.1:4222", changes }, [], true).split("\n")).toEqual([
    "would update stream ORDERS",
    "    maxAgeMs: 1 → 2",
    "    subjects: added c, removed a",
    '    metadata: version "1.0.0" → "1.1.0", owner none → "order"',
    "    allowed by --allow subjects:ORDERS: Nobody takes a any more.",
    "    set by hand, left alone: max_msgs 5: a full stream drops (--allow drift:ORDERS.max_msgs when that is meant)",
    "would update durable ORDERS/old",
    "    priority: none → pinned for 30 s",
    "    ackWaitMs: 30000 → 10000",
    "would create durable ORDERS/new",
    "    begins with the 7 messages that are stored already",
    "127.0.0.1:4222 (development): 1 of 4 were as the contract says",
  ]);
});

it("takes a server for different for what is missing, changed, refused or set by hand, and not for what it has besides", () => {
  expect(differs([stream, { ...stream, kind: "unknown" }])).toBe(false);
  for (const kind of ["create", "update", "refused"] as const) expect(differs([{ ...stream, kind }])).toBe(true);
  expect(differs([{ ...stream, drift: [{ ...drift, allowed: false }] }])).toBe(true);
  expect(differs([{ ...stream, drift: [{ ...drift, allowed: true }] }])).toBe(false);
});
