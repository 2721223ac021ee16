import { describe, expect, it } from "vitest";
import { thingsContract } from "../tests/things-contract.ts";
import { isIdentifier, peekEventId, readEnvelope, writeHeaders, type Envelope } from "./envelope.ts";

const { thingMade, thingMadeV1 } = thingsContract("Envelope");
const body = { version: "v1", thing_id: "t-1", count: 1 };
const envelope: Envelope = {
  eventId: "0d9c2a54-6c1f-4f0e-8d53-0a4f0f1c1b01",
  occurredAt: "2026-01-02T03:04:05.678Z",
  correlationId: "req-42",
  causationId: "req-41",
  sequence: 7,
  source: "maker",
  key: "t-1",
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
};
const read = (headers: Record<string, string>, from: unknown = body) =>
  readEnvelope(headers, from, thingMade, thingMadeV1);

describe("the envelope", () => {
  it("comes back as it was written", () => {
    expect(read({ ...writeHeaders("things.made.v1", envelope) })).toEqual(envelope);
    const odd = {
      ...envelope,
      key: 'ключ "1" 100% \u{1f600}',
      correlationId: "100%25",
      sequence: undefined,
      traceparent: undefined,
    };
    expect(read({ ...writeHeaders("things.made.v1", odd) })).toEqual(odd);
  });

  it("is printable ASCII on the wire", () => {
    const headers = writeHeaders("things.made.v1", { ...envelope, key: "a\r\nNats-Rollup: all", correlationId: "ö" });
    expect(Object.values(headers).join("")).toMatch(/^[\x21-\x7e]*$/);
    expect(headers["ce-subject"]).toBe("a%0D%0ANats-Rollup:%20all");
  });

  it("is taken from the body where headers are missing, and from headers where both say something", () => {
    const meta = {
      event_id: "e-2",
      occurred_at: "2026-01-02T03:04:05Z",
      correlation_id: "c-2",
      causation_id: "c-1",
      sequence: 3,
    };
    expect(read({}, { ...body, meta })).toEqual({
      eventId: "e-2",
      occurredAt: "2026-01-02T03:04:05Z",
      correlationId: "c-2",
      causationId: "c-1",
      sequence: 3,
      source: "unknown",
      key: "t-1",
      traceparent: undefined,
    });
    expect(read({ "CE-ID": "e-1", "ce-sequence": "9" }, { ...body, meta })).toMatchObject({
      eventId: "e-1",
      sequence: 9,
      correlationId: "c-2",
    });
  });

  it("names everything that is missing or malformed at once", () => {
    const bad = () =>
      read(
        { "ce-time": "soon", "ce-type": "things.made.v2", "ce-specversion": "0.3", "correlation-id": "a b" },
        { version: "v1" },
      );
    expect(bad).toThrow(
      expect.objectContaining({
        code: "ENVELOPE_INVALID",
        message: expect.stringMatching(
          /ce-id is missing, and so is meta\.event_id.*correlation-id is not an id: "a b".*ce-time is not.*"soon".*ce-type is "things\.made\.v2".*ce-specversion is "0\.3".*ce-subject is no key/,
        ),
      }),
    );
  });

  it("stays short whatever a stranger sends", () => {
    const long = "x".repeat(100_000);
    const bad = () =>
      read({ "ce-id": long, "correlation-id": long, "ce-time": long, "ce-type": long, "ce-specversion": long });
    expect(bad).toThrow(expect.objectContaining({ message: expect.stringMatching(/^.{1,1500}$/s) }));
  });

  it("passes over a sequence, a cause and a trace that cannot be meant", () => {
    const headers = { ...writeHeaders("things.made.v1", envelope) };
    for (const sequence of ["0", "-1", "1e3", "99999999999999999999", "one"]) {
      expect(read({ ...headers, "ce-sequence": sequence }).sequence).toBeUndefined();
    }
    expect(read({ ...headers, "causation-id": "" }).causationId).toBe("req-42");
    expect(read({ ...headers, traceparent: "nonsense" }).traceparent).toBeUndefined();
  });
});

describe("a time", () => {
  const timed = (time: string) => () => read({ ...writeHeaders("things.made.v1", envelope), "ce-time": time });

  it.each(["0001-01-01T00:00:00Z", "2024-02-29T23:59:59.123456789+14:00", "9999-12-31t23:59:59-15:59"])(
    "%s is one",
    (time) => {
      expect(timed(time)().occurredAt).toBe(time);
    },
  );

  it.each([
    "0000-01-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2025-02-29T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:00:00+16:00",
    "2026-01-01T00:00:00+10:60",
    "2026-01-01T00:00:00.1234567890Z",
    "2026-01-01T00:00:60Z",
  ])("%s is none that every database holds", (time) => {
    expect(timed(time)).toThrow(expect.objectContaining({ code: "ENVELOPE_INVALID" }));
  });
});

describe("an identifier", () => {
  it("is visible, whole and not endless", () => {
    for (const good of ["a", "req-42", "ö", "x".repeat(256)]) expect(isIdentifier(good)).toBe(true);
    for (const bad of ["", " ", "a b", "a\n", "a\0", "\ud800", "x".repeat(257)]) expect(isIdentifier(bad)).toBe(false);
  });

  it("is found in the headers of a message that cannot be read otherwise", () => {
    expect(peekEventId({ "Ce-Id": "e%2D1" })).toBe("e-1");
    expect(peekEventId({ "ce-id": "" })).toBeUndefined();
    expect(peekEventId({})).toBeUndefined();
  });
});
