import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { rootOf } from "../../spec/node.ts";
import { doubtsOf, stepValue, writeEvolution } from "../write-evolution.ts";
import { inferSteps } from "./infer-steps.ts";

/** Every property is required unless its name ends with a question mark. */
function object(properties: Record<string, unknown>): Record<string, unknown> {
  const named = Object.entries(properties).map(([name, schema]): [string, unknown] => [name.replace("?", ""), schema]);
  return {
    type: "object",
    required: Object.keys(properties).filter((name) => !name.endsWith("?")),
    properties: Object.fromEntries(named),
  };
}

function payload(properties: Record<string, unknown>, version: string): unknown {
  return object({
    version: { const: version },
    [`meta${version === "v1" ? "?" : ""}`]: { type: "object" },
    ...properties,
  });
}

function infer(older: Record<string, unknown>, newer: Record<string, unknown>) {
  return inferSteps(rootOf(payload(older, "v1")), rootOf(payload(newer, "v2")), { older: "v1", newer: "v2" });
}

const text = { type: "string" };
const count = { type: "integer" };
const maybe = { type: ["string", "null"] };
const address = object({ street: text, city: text });
const list = (properties: Record<string, unknown>) => ({ type: "array", items: object(properties) });

describe("what two schemas give away", () => {
  it.each<[what: string, older: Record<string, unknown>, newer: Record<string, unknown>, steps: readonly unknown[]]>([
    ["nothing changed", { id: text }, { id: text }, []],
    ["another order", { id: text, n: count }, { n: count, id: text }, []],
    [
      "a renaming in words",
      { orderId: text, n: count },
      { order_id: text, n: count },
      [{ rename: { from: "/orderId", to: "/order_id" } }],
    ],
    ["a nullable field that came", { id: text }, { id: text, note: maybe }, [{ add: { to: "/note", value: null } }]],
    [
      "null beside a schema",
      { id: text },
      { id: text, at: { anyOf: [address, { type: "null" }] } },
      [{ add: { to: "/at", value: null } }],
    ],
    [
      "a field with one value",
      { id: text },
      { id: text, channel: { const: "web" } },
      [{ add: { to: "/channel", value: "web" } }],
    ],
    ["an optional field that came", { id: text }, { id: text, "note?": text }, []],
    ["an optional field that went", { id: text, "note?": text }, { id: text }, [{ remove: { from: "/note" } }]],
    [
      "a nullable field that went",
      { id: text, note: maybe },
      { id: text },
      [{ remove: { from: "/note", restore: null } }],
    ],
    [
      "fields gathered",
      { id: text, street: text, city: text },
      { id: text, address },
      [{ nest: { into: "/address", fields: { "/street": "/street", "/city": "/city" } } }],
    ],
    [
      "fields gathered that said where they belong",
      { address_street: text, address_city: text },
      { address },
      [{ nest: { into: "/address", fields: { "/address_street": "/street", "/address_city": "/city" } } }],
    ],
    [
      "an object taken apart",
      { address },
      { street: text, city: text },
      [{ flatten: { from: "/address", fields: { "/street": "/street", "/city": "/city" } } }],
    ],
    [
      "elements of a list",
      { items: list({ id: text, qty: count }) },
      { items: list({ id: text, quantity: count, unit: maybe }) },
      [
        {
          each: {
            in: "/items",
            steps: [{ rename: { from: "/qty", to: "/quantity" } }, { add: { to: "/unit", value: null } }],
          },
        },
      ],
    ],
    [
      "a list under another name, its elements too",
      { items: list({ product_id: text, quantity: count }) },
      { lines: list({ sku: text, quantity: count }) },
      [
        { rename: { from: "/items", to: "/lines" } },
        { each: { in: "/lines", steps: [{ rename: { from: "/product_id", to: "/sku" } }] } },
      ],
    ],
    [
      "a field of an object",
      { to: object({ name: text }) },
      { to: object({ name: text, mail: maybe }) },
      [{ add: { to: "/to/mail", value: null } }],
    ],
    [
      "a value that became a list",
      { tag: text },
      { tag: { type: "array", items: text } },
      [{ wrap: { from: "/tag", to: "/tag", pick: "first" } }],
    ],
    [
      "a number that became a text",
      { n: count },
      { n: text },
      [{ convert: { field: "/n", from: "integer", to: "string" } }],
    ],
    [
      "an enum that grew",
      { s: { enum: ["open", "closed"] } },
      { s: { enum: ["open", "closed", "archived"] } },
      [{ values: { field: "/s", otherValues: "unrepresentable" } }],
    ],
    [
      "a value under another name",
      { s: { enum: ["open", "done"] } },
      { s: { enum: ["open", "closed"] } },
      [{ values: { field: "/s", up: { done: "closed" }, down: { closed: "done" } } }],
    ],
    [
      "money",
      { total: { type: "number" } },
      { total: object({ amount: count, currency: { const: "EUR" } }) },
      [{ money: { from: "/total", to: "/total", amount: "minor", scale: 2, currency: "EUR" } }],
    ],
  ])("%s", (_what, older, newer, steps) => {
    const { version: _version, ...ours } = { version: 0, steps: infer(older, newer).steps.map(stepValue) };
    expect(ours).toEqual({ steps });
  });

  it("declares what is lost, by the names of the version that loses it", () => {
    const { lossy } = infer(
      { items: list({ id: text }), old: maybe },
      { lines: list({ id: text, unit: maybe }), "note?": text },
    );
    expect(lossy.down.map(({ path }) => path)).toEqual(["/lines/*/unit", "/note"]);
    expect(lossy.up.map(({ path }) => path)).toEqual(["/old"]);
  });
});

describe("what they leave open", () => {
  it.each<[what: string, older: Record<string, unknown>, newer: Record<string, unknown>, doubt: RegExp]>([
    ["a renaming that only the type tells", { product: text, n: count }, { sku: text, n: count }, /only the type/],
    ["a renaming by likeness", { customer: text }, { customer_name_full: text }, /only alike/],
    ["a required field that came", { id: text }, { id: text, n: count }, /let n be nullable/],
    ["a required field that went", { id: text, n: count }, { id: text }, /what do readers of v1 get/],
    ["a default", { id: text }, { id: text, n: { ...count, default: 1 } }, /true of every v1/],
  ])("%s", (_what, older, newer, doubt) => {
    expect(doubtsOf(infer(older, newer).steps).join("\n")).toMatch(doubt);
  });

  it("does not guess between two that could be", () => {
    const { steps } = infer({ id: text, zip: text }, { id: text, foo: text, bar: text });
    expect(steps.filter(({ kind }) => kind === "rename")).toEqual([]);
  });

  it("says what no step says", () => {
    expect(infer({ at: text }, { at: address }).open).toEqual([
      "/at became another kind of value: a custom step says how",
    ]);
    expect(infer({ on: { type: "boolean" } }, { on: text }).open).toHaveLength(1);
  });

  it("ends on a schema that contains itself", () => {
    const tree = {
      definitions: { t: { type: "object", properties: { next: { $ref: "#/definitions/t" } } } },
      type: "object",
      required: [],
      properties: { t: { $ref: "#/definitions/t" } },
    };
    expect(inferSteps(rootOf(tree), rootOf(structuredClone(tree)), { older: "v1", newer: "v2" }).steps).toEqual([]);
  });
});

it("writes the same value with comments and without, whatever properties are called", () => {
  const inference = infer(
    { 'a # "b"': text, items: list({ q: count }) },
    { "c: {d}": text, items: list({ q: text, z: maybe }), n: count },
  );
  const { value, block } = writeEvolution("ParcelSentV1", inference);
  expect(parse(block.join("\n"))).toEqual(value);
  expect(block.filter((line) => line.includes("# unsure: "))).not.toEqual([]);
});
