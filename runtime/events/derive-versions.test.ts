import { describe, expect, it } from "vitest";
import { DESCRIPTOR_FORMAT, type EventDescriptor, type MessageDescriptor } from "../descriptors.ts";
import { UNREPRESENTABLE } from "../evolution.ts";
import { derive, stepsBetween } from "./derive-versions.ts";
import { makeEvent } from "./outgoing.ts";

const cause = { correlationId: "c", causationId: "c" };
const identity = { eventId: "e", occurredAt: "2026-01-01T00:00:00.000Z" };

const message = (version: number): MessageDescriptor => ({
  format: DESCRIPTOR_FORMAT,
  message: `MadeV${version}`,
  type: `made.v${version}`,
  version,
  subject: `made.v${version}`,
  hasMeta: false,
  sensitive: [],
  validate: (value): value is unknown => value !== undefined,
});
const [v1, v2, v3] = [message(1), message(2), message(3)];
const add = (payload: unknown, word: string) => ({ id: "k", ...Object(payload), [word]: true });

/** Three versions; each step leaves its name. v2 has nothing for `lost`, and the third step has a hand-written part. */
const made = (writes: MessageDescriptor, versions: readonly MessageDescriptor[]): EventDescriptor => ({
  format: DESCRIPTOR_FORMAT,
  channel: "made",
  name: "made",
  stream: "MADE",
  key: "/id",
  writes,
  versions,
  evolutions: [
    {
      from: v1,
      to: v2,
      up: (payload) => add(payload, "up12"),
      down: (payload) => add(payload, "down21"),
      unrepresentable: {},
    },
    {
      from: v2,
      to: v3,
      parts: "madeV2V3",
      up: (payload, parts) => add(payload, `up23 ${String(parts)}`),
      down: (payload) => ("lost" in Object(payload) ? UNREPRESENTABLE : add(payload, "down32")),
      unrepresentable: { down: "dead-letter" },
    },
  ],
});

describe("a way between versions", () => {
  it("goes step by step, up and down, and gives each step its part", () => {
    const event = made(v1, [v3, v2, v1]);
    const parts = { madeV2V3: "by hand" };
    expect(derive({ a: 1 }, stepsBetween(event, v1, v3, parts))).toEqual({
      kind: "payload",
      payload: { id: "k", a: 1, up12: true, "up23 by hand": true },
    });
    expect(derive({ a: 1 }, stepsBetween(event, v3, v1, parts))).toEqual({
      kind: "payload",
      payload: { id: "k", a: 1, down32: true, down21: true },
    });
    expect(stepsBetween(event, v2, v2, parts)).toEqual([]);
  });

  it("ends where a version cannot say the event, with the policy of that step", () => {
    const outcome = derive({ lost: 1 }, stepsBetween(made(v3, [v3]), v3, v1, {}));
    expect(outcome).toMatchObject({ kind: "unrepresentable", at: { to: { version: 2 }, policy: "dead-letter" } });
  });

  it("has to be there", () => {
    expect(() => stepsBetween({ ...made(v1, [v1]), evolutions: [] }, v1, v2, {})).toThrow(
      expect.objectContaining({ code: "EVOLUTION_MISSING", message: expect.stringContaining("made.v1") }),
    );
    expect(() => stepsBetween(made(v1, [v1]), v3, message(4), {})).toThrow(/made\.v3/);
  });
});

describe("an event that is published in three versions", () => {
  it("has each of them derived from the one that is written, newest first", () => {
    const { versions, unrepresentable } = makeEvent(made(v2, [v3, v2, v1]), { id: "k", a: 1 }, cause, identity);
    expect(versions.map(({ message, body }) => [message.version, JSON.parse(body)])).toEqual([
      [3, { version: "v3", id: "k", a: 1, "up23 undefined": true }],
      [2, { version: "v2", id: "k", a: 1 }],
      [1, { version: "v1", id: "k", a: 1, down21: true }],
    ]);
    expect(unrepresentable).toEqual([]);
  });

  it("goes without a version that cannot say it, and without those behind that one", () => {
    const { versions, unrepresentable } = makeEvent(made(v3, [v3, v2, v1]), { id: "k", lost: 1 }, cause, identity);
    expect(versions.map(({ message }) => message.version)).toEqual([3]);
    expect(unrepresentable.map(({ message, policy }) => [message.version, policy])).toEqual([
      [2, "dead-letter"],
      [1, "dead-letter"],
    ]);
  });

  it("leaves a version out that is not published, though the way leads through it", () => {
    const { versions } = makeEvent(made(v3, [v3, v1]), { id: "k" }, cause, identity);
    expect(versions.map(({ message }) => message.version)).toEqual([3, 1]);
  });

  it("harms nothing that its caller holds", () => {
    const event = made(v2, [v3, v2, v1]);
    const harmful: EventDescriptor = {
      ...event,
      evolutions: (event.evolutions ?? []).map((evolution) => ({
        ...evolution,
        down: (payload) => Object.assign(Object(payload), { id: "k", harm: true }),
        up: (payload) => Object.assign(Object(payload), { id: "k", harm: true }),
      })),
    };
    const payload = Object.freeze({ id: "k" });
    const { versions } = makeEvent(harmful, payload, cause, identity);
    expect(versions.find(({ message }) => message.version === 2)?.body).toBe('{"version":"v2","id":"k"}');
    expect(payload).toEqual({ id: "k" });
  });
});
