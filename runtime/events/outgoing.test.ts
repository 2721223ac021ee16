import { describe, expect, it } from "vitest";
import { thingsContract, type MakerPublishes } from "../tests/things-contract.ts";
import { stampBody } from "./outgoing.ts";
import { collectPublishes } from "./publisher.ts";

const { maker } = thingsContract("Outgoing");
const cause = { correlationId: "req-1", causationId: "req-0" };

describe("publishing", () => {
  it("fixes the event at the call, and stamps version first and meta last", () => {
    const { publish, events } = collectPublishes<MakerPublishes>(maker.publishes, cause);
    const payload = { thing_id: "t-1", count: 2, version: "v9", meta: { mine: true } };
    publish.thingMade(payload);
    payload.count = 99;
    const [event] = events;
    if (event?.versions[0] === undefined) throw new Error("no event was collected");
    expect(event.key).toBe("t-1");
    const body = stampBody(event, event.versions[0], cause, 5);
    expect(body).toBe(
      `{"version":"v1","thing_id":"t-1","count":2,"meta":{"event_id":"${event.eventId}","occurred_at":"${event.occurredAt}",` +
        `"correlation_id":"req-1","causation_id":"req-0","sequence":5}}`,
    );
  });

  it("works when the function is taken off its object", () => {
    const { publish, events } = collectPublishes<MakerPublishes>(maker.publishes, cause);
    const { thingMade } = publish;
    thingMade({ thing_id: "t-1", count: 1 });
    expect(events).toHaveLength(1);
  });

  it("refuses at the call what the contract refuses, with the paths", () => {
    const { publish, events } = collectPublishes<MakerPublishes>(maker.publishes, cause);
    const refusal = (message: RegExp) =>
      expect.objectContaining({ code: "PAYLOAD_INVALID", message: expect.stringMatching(message) });
    expect(() => publish.thingMade({ thing_id: "", count: 0 })).toThrow(
      refusal(
        /publish\.thingMade was given what is not things\.made\.v1: \/thing_id must be string; \/count must be >= 1/,
      ),
    );
    expect(() => publish.thingMade(JSON.parse("null"))).toThrow(refusal(/must be an object/));
    expect(() => publish.thingMade({ thing_id: "a\0b", count: 1 })).toThrow(
      refusal(/\/thing_id names the event's key and holds none/),
    );
    const circular: { thing_id: string; count: number; note?: string } = { thing_id: "t", count: 1 };
    Object.assign(circular, { self: circular });
    expect(() => publish.thingMade(circular)).toThrow(refusal(/the payload is not JSON/));
    expect(events).toHaveLength(0);
  });

  it("refuses ids that could not be sent, and everything after the run", () => {
    expect(() => collectPublishes(maker.publishes, { ...cause, correlationId: "" })).toThrow(/correlationId/);
    const { publish, close } = collectPublishes<MakerPublishes>(maker.publishes, cause);
    close();
    expect(() => publish.thingMade({ thing_id: "t-1", count: 1 })).toThrow(
      expect.objectContaining({ code: "RUN_OVER" }),
    );
  });
});
