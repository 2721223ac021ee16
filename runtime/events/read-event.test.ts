import { expect, it } from "vitest";
import type { Validator } from "../descriptors.ts";
import { thingsContract } from "../tests/things-contract.ts";
import { readEvent } from "./read-event.ts";

const { thingMade, thingMadeV1 } = thingsContract("Read");
const data = new TextEncoder().encode("{}");

it("refuses a message whose headers cannot be read, with the reason on one line", () => {
  const stored = { data, headers: {}, headersFault: "a\r\nb" };
  expect(() => readEvent(stored, thingMade, thingMadeV1)).toThrow(
    expect.objectContaining({
      code: "ENVELOPE_INVALID",
      message: "The headers of things.made.v1 cannot be read: a b.",
    }),
  );
});

it("says nothing of the message before when the validator itself fails", () => {
  const validate: Validator<never> = Object.assign(
    (_: unknown): _ is never => {
      throw new RangeError("Maximum call stack size exceeded");
    },
    { errors: [{ instancePath: "/before", keyword: "type", message: "must be other", params: {} }] },
  );
  expect(() => readEvent({ data, headers: {} }, thingMade, { ...thingMadeV1, validate })).toThrow(
    expect.objectContaining({
      code: "EVENT_INVALID",
      message: "The body is not things.made.v1: its validator failed.",
    }),
  );
});

it("refuses a body that is nested deeper than anything should recurse, and takes one that is just within", () => {
  const nested = (levels: number) => new TextEncoder().encode("[".repeat(levels) + "]".repeat(levels));
  expect(() => readEvent({ data: nested(101), headers: {} }, thingMade, thingMadeV1)).toThrow(
    expect.objectContaining({
      code: "EVENT_INVALID",
      message: "The body of things.made.v1 is nested deeper than 100 levels.",
    }),
  );
  expect(() => readEvent({ data: nested(100), headers: {} }, thingMade, thingMadeV1)).toThrow(
    expect.objectContaining({ message: expect.stringContaining("The body is not things.made.v1") }),
  );
});
