/** Schemas that nobody would write, of every keyword of draft-07. */
import type { JsonSchema } from "../../../model/model.ts";
import type { SchemaObject } from "../../json-schema.ts";
import type { Chance } from "../../../../lab/testing/chance.ts";

/** Names of properties that generated code must not stumble over. */
export const NAMES = [
  ...["a", "b", "c", "kind", "x-a", "x-b", "n-a", "__proto__", "constructor", "toString", "a-b", "a b", "", "0", "12"],
  ...["-1", "1e3", "é", "😀", "*/", "class", 'quo"te', "\u2028", "A"],
] as const;

/** JSON of every kind, such as code and comparisons go wrong with. */
export const CONSTANTS: readonly unknown[] = [
  ...[null, true, false, 0, -0, 1, -1, 1.5, 1e21, 1e-7, "", "a", "b", "12", "*/", "${a}", "`"],
  ...[[], [1], ["a", null], [[]], {}, { a: 1 }, { a: { b: [] } }, { ["__proto__"]: 1 }, { "x-a": "a" }],
];

const TYPES = ["string", "number", "integer", "object", "array", "boolean", "null"] as const;
const PATTERNS = ["^x-", "^n-", "a$", "^[a-z]+$", "", "^\\d+$"];
const FORMATS = ["date", "date-time", "uuid", "email", "int32", "regex", "password"];

/** Where schemas refer to others: by name to any of them, or only to those that hold no references. */
export interface Names {
  readonly any: readonly string[];
  readonly plain: readonly string[];
}

/** Draws schemas. */
export class RandomSchemas {
  readonly #chance: Chance;
  readonly #names: Names;

  constructor(chance: Chance, names: Names) {
    this.#chance = chance;
    this.#names = names;
  }

  /** A schema without references. */
  plain(): JsonSchema {
    return this.#schema({ depth: 2, same: [], inner: [] });
  }

  /** A schema of which another may be a part, so that no reference of its own leads back to it at once. */
  named(): JsonSchema {
    return this.#schema({ depth: 3, same: this.#names.plain, inner: this.#names.any });
  }

  /** A schema that refers to whatever there is. */
  root(): JsonSchema {
    return this.#schema({ depth: this.#chance.below(4), same: this.#names.any, inner: this.#names.any });
  }

  #schema(at: Place): JsonSchema {
    const { below, once, pick } = bound(this.#chance);
    if (once(16)) return pick([true, false, {}]);
    if (at.same.length > 0 && once(6)) return this.#reference(at.same);
    if (at.depth > 0 && once(5)) return this.#drawn(this.#others, 1 + below(2), at);
    const kind = pick<Kind>(["object", "object", "array", "string", "number", "any", "literal"]);
    const type = this.#type(kind);
    return { ...this.#drawn(this.#makers(kind), 1 + below(3), at), ...type, ...this.#annotations() };
  }

  #reference(names: readonly string[]): JsonSchema {
    const beside = this.#chance.once(5) ? { description: "Beside." } : {};
    return { $ref: `#/components/schemas/${this.#chance.pick(names)}`, ...beside };
  }

  #type(kind: Kind): SchemaObject {
    const { once, pick, some } = bound(this.#chance);
    if (kind === "any" || kind === "literal") {
      if (!once(3)) return {};
      return { type: once(2) ? pick(TYPES) : some(TYPES, 1, 3) };
    }
    if (once(6)) return {};
    if (once(8)) return { type: kind, nullable: true };
    if (once(5)) return { type: some(TYPES, 1, 3) };
    const own = kind === "number" && once(2) ? "integer" : kind;
    return { type: once(5) ? [own, "null"] : own };
  }

  #annotations(): SchemaObject {
    const { once, pick } = bound(this.#chance);
    return {
      ...(once(12) && { title: pick(NAMES) }),
      ...(once(12) && { description: pick(["A description.", "*/ process.exit()", "a\u2028b\n@deprecated"]) }),
      ...(once(20) && { readOnly: true }),
      ...(once(20) && { deprecated: true }),
      ...(once(20) && { discriminator: "kind" }),
      ...(once(20) && { examples: [1] }),
    };
  }

  #drawn(makers: readonly Maker[], count: number, at: Place): SchemaObject {
    const chosen = this.#chance.some(makers, Math.min(count, makers.length), Math.min(count, makers.length));
    return Object.assign({}, ...chosen.map((make) => make(at)));
  }

  readonly #inner = ({ depth, inner }: Place): JsonSchema =>
    depth > 0 ? this.#schema({ depth: depth - 1, same: inner, inner }) : this.#chance.pick(SMALL);
  readonly #same = (at: Place): JsonSchema =>
    at.depth > 0 ? this.#schema({ ...at, depth: at.depth - 1 }) : this.#chance.pick(SMALL);
  readonly #byName = (names: readonly string[], make: () => unknown) =>
    Object.fromEntries(this.#chance.some(names, 1, 3).map((name) => [name, make()]));

  readonly #objects: readonly Maker[] = [
    (at) => ({ properties: this.#byName(NAMES.slice(0, 6), () => this.#inner(at)) }),
    (at) => ({ properties: this.#byName(NAMES, () => this.#inner(at)), required: this.#chance.some(NAMES, 0, 2) }),
    () => ({ required: this.#chance.some(NAMES.slice(0, 6), 0, 2) }),
    (at) => ({ additionalProperties: this.#chance.once(2) ? false : this.#inner(at) }),
    (at) => ({ patternProperties: this.#byName(PATTERNS, () => this.#inner(at)) }),
    () => ({ propertyNames: this.#chance.pick<JsonSchema>([{ pattern: "^x" }, { enum: ["a", "b"] }, false, true]) }),
    () => ({ minProperties: this.#chance.below(3) }),
    () => ({ maxProperties: this.#chance.below(3) }),
    (at) => ({
      dependencies: this.#byName(NAMES, () => (this.#chance.once(2) ? this.#chance.some(NAMES, 0, 2) : this.#same(at))),
    }),
  ];
  readonly #arrays: readonly Maker[] = [
    (at) => ({ items: this.#inner(at) }),
    (at) => ({ items: this.#chance.list(3, () => this.#inner(at), 1) }),
    (at) => ({ additionalItems: this.#chance.once(2) ? false : this.#inner(at) }),
    (at) => ({
      items: this.#chance.list(3, () => this.#inner(at), 1),
      additionalItems: this.#chance.once(2) ? false : this.#inner(at),
    }),
    (at) => ({ contains: this.#inner(at) }),
    () => ({ minItems: this.#chance.below(4) }),
    () => ({ maxItems: this.#chance.below(4) }),
    () => ({ uniqueItems: true }),
  ];
  readonly #strings: readonly Maker[] = [
    () => ({ minLength: this.#chance.below(3) }),
    () => ({ maxLength: this.#chance.below(4) }),
    () => ({ pattern: this.#chance.pick(PATTERNS) }),
    () => ({ format: this.#chance.pick(FORMATS) }),
    () => ({ contentMediaType: "text/plain" }),
  ];
  readonly #numbers: readonly Maker[] = [
    () => ({ minimum: this.#chance.below(5) - 2 }),
    () => ({ maximum: this.#chance.below(5) }),
    () => ({ exclusiveMinimum: this.#chance.below(4) - 1 }),
    () => ({ exclusiveMaximum: this.#chance.below(4) + 0.5 }),
    () => ({ multipleOf: this.#chance.pick([1, 2, 0.5, 0.01]) }),
  ];
  readonly #literals: readonly Maker[] = [
    () => ({ const: this.#chance.pick(CONSTANTS) }),
    () => ({ enum: this.#chance.some(CONSTANTS, 1, 4) }),
  ];
  readonly #others: readonly Maker[] = [
    ...["allOf", "anyOf", "oneOf"].map((keyword) => (at: Place) => ({
      [keyword]: this.#chance.list(3, () => this.#same(at), 1),
    })),
    (at) => ({ not: this.#same(at) }),
    (at) => ({
      if: this.#same(at),
      ...(!this.#chance.once(4) && { then: this.#same(at) }),
      ...(!this.#chance.once(4) && { else: this.#same(at) }),
    }),
    () => this.#type("any"),
    (at) => this.#drawn(this.#objects, 2, at),
    (at) => this.#drawn(this.#arrays, 2, at),
    (at) => this.#drawn(this.#literals, 1, at),
  ];

  #makers(kind: Kind): readonly Maker[] {
    switch (kind) {
      case "object":
        return this.#objects;
      case "array":
        return this.#arrays;
      case "string":
        return this.#strings;
      case "number":
        return this.#numbers;
      case "literal":
        return this.#literals;
      case "any":
        return [...this.#objects, ...this.#arrays, ...this.#strings, ...this.#numbers, ...this.#others];
    }
  }
}

type Kind = "object" | "array" | "string" | "number" | "literal" | "any";

/** How deep a schema may still go, and what it may refer to: as the same value, and within a property or an element. */
interface Place {
  readonly depth: number;
  readonly same: readonly string[];
  readonly inner: readonly string[];
}

type Maker = (at: Place) => SchemaObject;

const SMALL: readonly JsonSchema[] = [
  ...[true, false, {}, { type: "string" }, { type: "integer" }, { type: "null" }, { type: "boolean" }],
  ...[{ const: "a" }, { enum: ["a", "b", 1] }, { type: "object" }, { type: "array" }, { type: ["string", "null"] }],
];

function bound(chance: Chance) {
  return {
    below: chance.below.bind(chance),
    once: chance.once.bind(chance),
    pick: chance.pick.bind(chance),
    some: chance.some.bind(chance),
  };
}
