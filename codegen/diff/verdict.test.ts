import { Ajv } from "ajv";
import formats from "ajv-formats";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../spec/json.ts";
import type { Direction } from "./change.ts";
import { judgeSchemas } from "./verdict.ts";

const text = { type: "string" };
const order = (properties: JsonObject, required: readonly string[] = [], more: JsonObject = {}): JsonObject => ({
  type: "object",
  required: ["id", ...required],
  properties: { id: text, ...properties },
  ...more,
});
const withStatus = (status: unknown): JsonObject => order({ status }, ["status"]);
const one = (...oneOf: readonly unknown[]): JsonObject => withStatus({ oneOf });
const circle = { type: "object", required: ["r"], properties: { r: { type: "number" } } };
const square = { type: "object", required: ["a"], properties: { a: { type: "number" } } };
const tree = (extra: JsonObject): JsonObject => ({
  ...order({ root: { $ref: "#/definitions/Tree" } }),
  definitions: {
    Tree: { type: "object", properties: { kids: { type: "array", items: { $ref: "#/definitions/Tree" } }, ...extra } },
  },
});
const composed = (extra: JsonObject): JsonObject => ({
  allOf: [order({}), { type: "object", properties: { at: text, ...extra } }],
});

/** One change at a time: what was, what is, whether the new reader takes the old, and the old reader the new. */
const table: readonly (readonly [
  change: string,
  before: JsonObject,
  after: JsonObject,
  backward: boolean,
  forward: boolean,
])[] = [
  ["an optional property is added", order({}), order({ note: text }), true, true],
  ["an optional property is removed", order({ note: text }), order({}), true, true],
  ["a required property is added", order({}), order({ note: text }, ["note"]), false, true],
  [
    "a required property with a default is added",
    order({}),
    order({ note: { ...text, default: "-" } }, ["note"]),
    false,
    true,
  ],
  ["a required property is removed", order({ note: text }, ["note"]), order({}), true, false],
  ["an optional property becomes required", order({ note: text }), order({ note: text }, ["note"]), false, true],
  ["a required property becomes optional", order({ note: text }, ["note"]), order({ note: text }), true, false],
  [
    "a required property is renamed",
    order({ note: text }, ["note"]),
    order({ remark: text }, ["remark"]),
    false,
    false,
  ],
  ["an optional property is renamed", order({ note: text }), order({ remark: text }), true, true],
  ["an enum is widened", withStatus({ enum: ["a"] }), withStatus({ enum: ["a", "b"] }), true, false],
  ["an enum is narrowed", withStatus({ enum: ["a", "b"] }), withStatus({ enum: ["a"] }), false, true],
  ["an enum changes a value", withStatus({ enum: ["a", "b"] }), withStatus({ enum: ["a", "c"] }), false, false],
  ["integer becomes number", withStatus({ type: "integer" }), withStatus({ type: "number" }), true, false],
  ["number becomes integer", withStatus({ type: "number" }), withStatus({ type: "integer" }), false, true],
  ["null is allowed", withStatus(text), withStatus({ type: ["string", "null"] }), true, false],
  ["null is no longer allowed", withStatus({ type: ["string", "null"] }), withStatus(text), false, true],
  ["string becomes number", withStatus(text), withStatus({ type: "number" }), false, false],
  ["an alternative is added", one(circle), one(circle, { type: "string" }), true, false],
  ["an alternative is removed", one(circle, { type: "string" }), one(circle), false, true],
  ["a pattern is added", withStatus(text), withStatus({ ...text, pattern: "^a" }), false, true],
  ["a pattern is removed", withStatus({ ...text, pattern: "^a" }), withStatus(text), true, false],
  [
    "a pattern is changed",
    withStatus({ ...text, pattern: "^a$" }),
    withStatus({ ...text, pattern: "^b$" }),
    false,
    false,
  ],
  ["a format is added", withStatus(text), withStatus({ ...text, format: "uuid" }), false, true],
  [
    "a minimum is raised",
    withStatus({ type: "integer", minimum: 1 }),
    withStatus({ type: "integer", minimum: 2 }),
    false,
    true,
  ],
  [
    "a length is allowed to grow",
    withStatus({ ...text, maxLength: 8 }),
    withStatus({ ...text, maxLength: 9 }),
    true,
    false,
  ],
  [
    "a list may be longer",
    withStatus({ type: "array", maxItems: 1 }),
    withStatus({ type: "array", maxItems: 2 }),
    true,
    false,
  ],
  ["others are refused from now on", order({}), order({}, [], { additionalProperties: false }), true, true],
  [
    "a property is removed from an object that refuses others",
    order({ note: text }, [], { additionalProperties: false }),
    order({}, [], { additionalProperties: false }),
    false,
    true,
  ],
  [
    "others of one type are written, and a property takes one of their names",
    order({}, [], { additionalProperties: text }),
    order({ size: { type: "number" } }, [], { additionalProperties: text }),
    false,
    false,
  ],
  [
    "a property of a nested object becomes required",
    order({ to: { type: "object", properties: { city: text } } }),
    order({ to: { type: "object", properties: { city: text }, required: ["city"] } }),
    false,
    true,
  ],
  [
    "an optional property is added in a list",
    order({ lines: { type: "array", items: order({}) } }),
    order({ lines: { type: "array", items: order({ note: text }) } }),
    true,
    true,
  ],
  ["an optional property is added beside allOf", composed({}), composed({ note: text }), true, true],
  [
    "a property is narrowed beside allOf",
    composed({ size: { type: "number" } }),
    composed({ size: { type: "integer" } }),
    false,
    true,
  ],
  ["an optional property is added to a recursive schema", tree({}), tree({ note: text }), true, true],
  [
    "a property of a recursive schema is narrowed",
    tree({ n: { type: "number" } }),
    tree({ n: { type: "integer" } }),
    false,
    true,
  ],
  [
    "an alternative gains an optional property",
    one(circle, square),
    one({ ...circle, properties: { ...circle.properties, x: text } }, square),
    true,
    true,
  ],
];

interface Case {
  readonly change: string;
  readonly direction: Direction;
  readonly before: JsonObject;
  readonly after: JsonObject;
  readonly compatible: boolean;
}

const cases = table.flatMap(([change, before, after, backward, forward]): Case[] => [
  { change, direction: "backward", before, after, compatible: backward },
  { change, direction: "forward", before, after, compatible: forward },
]);

function accepts(schema: JsonObject, value: unknown): boolean {
  const ajv = new Ajv({ strict: false });
  formats.default(ajv);
  return ajv.validate(schema, value);
}

describe("a single change", () => {
  it.each(cases)("$change, $direction: compatible is $compatible", ({ direction, before, after, compatible }) => {
    const judged = judgeSchemas(before, after, [direction]);
    expect(judged.length).toBeGreaterThan(0);
    const answers = judged.flatMap(({ answers }) => answers.get(direction) ?? []);
    expect(new Set(answers.map(({ verdict }) => verdict)).has("breaking")).toBe(!compatible);
    expect(answers.every(({ verdict }) => verdict !== "undecided")).toBe(true);
    const [writer, reader] = direction === "backward" ? [before, after] : [after, before];
    for (const answer of answers) {
      if (answer.verdict !== "breaking") continue;
      expect(accepts(writer, answer.witness)).toBe(true);
      expect(accepts(reader, answer.witness)).toBe(false);
      expect(answer.faults.length).toBeGreaterThan(0);
    }
  });

  it("is told once, as one edit", () => {
    const several = table
      .filter(([, before, after]) => judgeSchemas(before, after, []).length !== 1)
      .map(([change]) => change);
    expect(several).toEqual(["an enum changes a value"]);
  });
});

describe("several changes", () => {
  it("are told apart: each has its own verdict and its own payload", () => {
    const before = order({ size: { type: "number" }, note: text, status: { enum: ["a", "b"] } });
    const after = order({ size: { type: "integer" }, remark: text, more: text, status: { enum: ["a"] } }, ["more"]);
    const told = judgeSchemas(before, after, ["backward"]).map(({ edit, answers }) => [
      edit.path,
      answers.get("backward"),
    ]);
    expect(Object.fromEntries(told)).toMatchObject({
      "/size": { verdict: "breaking", witness: { size: 0.5 }, faults: [{ path: "/size" }] },
      "/status": { verdict: "breaking", witness: { status: "b" }, faults: [{ path: "/status" }] },
      "/more": { verdict: "breaking", faults: [{ message: "must have required property 'more'" }] },
      "/remark": { verdict: "compatible" },
      "/note": { verdict: "compatible" },
    });
  });

  it("are compatible when one makes up for the other", () => {
    const before = withStatus({ type: "integer", minimum: 1 });
    const after = withStatus({ type: "number", exclusiveMinimum: 0, multipleOf: 1 });
    const answers = judgeSchemas(before, after, ["backward", "forward"]).flatMap((one) => [...one.answers.values()]);
    expect(new Set(answers.map(({ verdict }) => verdict))).toEqual(new Set(["compatible"]));
  });

  it("are told of the whole when none of them alone is to blame", () => {
    const before = order({ a: { type: "integer" }, b: { type: "integer" } }, [], { minProperties: 1 });
    const after = order({ a: { type: "integer" }, b: { type: "integer" } }, [], {
      propertyNames: { enum: ["id", "a"] },
    });
    const judged = judgeSchemas(before, after, ["backward"]);
    expect(judged.some(({ answers }) => answers.get("backward")?.verdict === "breaking")).toBe(true);
  });

  it("of words only are none", () => {
    const before = order({ note: { ...text, description: "old", default: "x" } }, [], { title: "Old" });
    expect(judgeSchemas(before, order({ note: text }), ["backward", "forward"])).toEqual([]);
  });

  it("of the place where a schema is written are none", () => {
    const inline = order({ to: { type: "object", properties: { city: text } } });
    const shared = {
      ...order({ to: { $ref: "#/definitions/To" } }),
      definitions: { To: { type: "object", properties: { city: text } } },
    };
    expect(judgeSchemas(inline, shared, ["backward", "forward"])).toEqual([]);
    expect(judgeSchemas(shared, inline, ["backward", "forward"])).toEqual([]);
  });
});

describe("a shared schema", () => {
  const list = (keyword: JsonObject, leaf: JsonObject): JsonObject => ({
    ...order({ list: { type: "array", ...keyword } }),
    definitions: { Leaf: leaf },
  });

  it.each([
    ["a tuple", { items: [{ $ref: "#/definitions/Leaf" }] }],
    ["contains", { contains: { $ref: "#/definitions/Leaf" } }],
    ["a negation", { items: { not: { not: { $ref: "#/definitions/Leaf" } } } }],
  ])("is followed through %s", (_, keyword) => {
    const judged = judgeSchemas(list(keyword, { type: "number" }), list(keyword, { type: "integer" }), ["backward"]);
    expect(judged).toMatchObject([{ edit: { kind: "type-narrowed", at: "/definitions/Leaf/type" } }]);
    expect(judged[0]?.answers.get("backward")?.verdict).toBe("breaking");
  });
});

describe("what cannot be proven", () => {
  it("is no change where nothing changed", () => {
    const schema = withStatus({ ...text, pattern: String.raw`^(.)\1$` });
    expect(judgeSchemas(schema, { ...schema, title: "New" }, ["backward", "forward"])).toEqual([]);
  });

  it("is undecided, with the reason", () => {
    const [judged] = judgeSchemas(
      withStatus({ ...text, pattern: "^(a+)+$" }),
      withStatus({ ...text, pattern: "^(?=a)a+(?<=a)$" }),
      ["backward"],
    );
    expect(judged?.answers.get("backward")).toMatchObject({ verdict: "undecided", reason: expect.any(String) });
  });
});
