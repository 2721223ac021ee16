import { describe, expect, it } from "vitest";
import { Report } from "../spec/report.ts";
import { readSource } from "../spec/source.ts";
import {
  constNameOf,
  deadLetterSubjectOf,
  durableOf,
  eventNameOf,
  fileNameOf,
  handlersTypeOf,
  headersTypeOf,
  Names,
  publishesTypeOf,
  subjectOf,
  typeNameOf,
} from "./names.ts";

function codesOf(check: (names: Names) => void): string[] {
  const report = new Report(readSource("asyncapi.yaml", "a: 1\nb: 2\nc: 3\n").source);
  check(new Names(report));
  return report.diagnostics.map(({ code, hint }) => `${code} ${hint}`);
}

describe("names", () => {
  it("follow from the contract's own", () => {
    expect(typeNameOf("orderCreatedV1")).toBe("OrderCreatedV1");
    expect(constNameOf("OrderCreatedV1")).toBe("orderCreatedV1");
    expect(eventNameOf("orders.created.{version}")).toBe("orders.created");
    expect(subjectOf("orders.created.{version}", 12)).toBe("orders.created.v12");
    expect(durableOf("inventory", "orderCreated", 1)).toBe("inventory-orderCreated-v1");
    expect(deadLetterSubjectOf("dead.{service}.{event}.{version}", "inventory", "orderCreated", 1)).toBe(
      "dead.inventory.orderCreated.v1",
    );
    expect(handlersTypeOf("order")).toBe("OrderHandlers");
    expect(publishesTypeOf("order")).toBe("OrderPublishes");
    expect(headersTypeOf("PlaceOrder")).toBe("PlaceOrderHeaders");
  });

  it.each([
    ["orderCreated", "order-created"],
    ["HTTPDoorV2", "http-door-v2"],
    ["order_created", "order-created"],
    ["v2Thing", "v2-thing"],
  ])("of files: %s is %s", (key, expected) => {
    expect(fileNameOf(key)).toBe(expected);
  });
});

describe("a name that cannot be used", () => {
  it.each(["orderCreated", "a", "a1_b"])("is not %s", (key) => {
    expect(codesOf((names) => names.checkValueKey(key, "/a", "an event"))).toEqual([]);
  });

  it.each([
    ["order-created", "NAME_INVALID Call it orderCreated."],
    ["OrderCreated", "NAME_INVALID Call it orderCreated."],
    ["order created", "NAME_INVALID Call it orderCreated."],
    ["1st", "NAME_INVALID Use letters and digits, a letter first."],
    ["", "NAME_INVALID Use letters and digits, a letter first."],
    ["a.*.>", "NAME_INVALID Call it a."],
    ["*/ evil()", "NAME_INVALID Call it evil."],
    ["größe", "NAME_INVALID Call it grE."],
    ["delete", "NAME_RESERVED Choose another name."],
    ["then", "NAME_RESERVED Choose another name."],
    ["constructor", "NAME_RESERVED Choose another name."],
    ["toString", "NAME_RESERVED Choose another name."],
    [`a${"b".repeat(100)}`, "NAME_INVALID Choose a shorter one."],
  ])("is %j for a value", (key, expected) => {
    expect(codesOf((names) => names.checkValueKey(key, "/a", "an event"))).toEqual([expected]);
  });

  it.each([
    ["order-created.v1", "NAME_INVALID Call it OrderCreatedV1."],
    ["orderCreatedV1", "NAME_INVALID Call it OrderCreatedV1."],
    ["__proto__", "NAME_INVALID Call it Proto."],
    ["Promise", "NAME_RESERVED Choose another name."],
    ["Payload", "NAME_RESERVED Choose another name."],
  ])("is %j for a type", (key, expected) => {
    expect(codesOf((names) => names.checkTypeKey(key, "/a", "a message"))).toEqual([expected]);
  });

  it("is one that another thing has", () => {
    const taken = codesOf((names) => {
      names.take("value", "order", "/a", "the event order");
      names.take("value", "order", "/a", "the event order");
      names.take("type", "order", "/b", "the type order");
      names.take("value", "order", "/b", "the service order");
      names.take("value", "Order", "/c", "another");
    });
    expect(taken).toEqual(["NAME_COLLISION Rename one of the two."]);
  });

  it("is one that a file system which folds case cannot tell apart", () => {
    const taken = codesOf((names) => {
      names.take("durable", "a-B-v1", "/a", "one");
      names.take("durable", "a-b-v1", "/b", "another");
    });
    expect(taken).toEqual(["NAME_COLLISION Rename one of the two."]);
  });
});
