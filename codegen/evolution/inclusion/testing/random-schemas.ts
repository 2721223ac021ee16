import { isArray, isObject } from "../json.ts";

type Schema = Readonly<Record<string, unknown>>;
type Maker = (depth: number) => Schema;

const MODERN = "https://json-schema.org/draft/2020-12/schema";
const NAMES = ["a", "b", "ab", "c"];
const PATTERNS = ["^a", "b$", "^[ab]*$", "a", "^.{2}$", "^(a|b)$", "^\\d+$"];
const CONSTANTS = [null, true, false, 0, 1, 2, -1, 1.5, "", "a", "ab", "12", [], [1], ["a"], {}, { a: 1 }, { b: "a" }];

/** Random small schemas, small changes of them, and values to try them on; the same for the same seed. */
export class RandomSchemas {
  readonly #isModern: boolean;
  #seed: number;
  /** Off where a reference could lead to the schema that it stands in. */
  #canRefer = true;

  constructor(seed: number, isModern: boolean) {
    this.#seed = seed;
    this.#isModern = isModern;
  }

  /** A schema and a changed one, which share definitions that may be recursive. */
  pair(): [unknown, unknown] {
    const definitions = { x: this.#definition(), y: this.#definition() };
    const writer = this.#schema(3);
    let reader = this.#below(4) === 0 ? this.#schema(3) : writer;
    for (let changes = this.#below(4); changes > 0; changes--) reader = this.#changed(reader);
    const changed = this.#below(3) === 0 ? { ...definitions, x: this.#definition() } : definitions;
    return [this.#root(writer, definitions), this.#root(reader, changed)];
  }

  /** A schema by itself. */
  single(): unknown {
    return this.#root(this.#schema(2), { x: {}, y: {} });
  }

  /** A value of any kind. */
  value(depth = 2): unknown {
    const kind = depth > 0 ? this.#below(4) : 0;
    if (kind === 2) return Array.from({ length: this.#below(4) }, () => this.value(depth - 1));
    if (kind === 3) return Object.fromEntries(this.#some(NAMES).map((name) => [name, this.value(depth - 1)]));
    return this.#pick([...CONSTANTS, 3, 6, -2, 0.5, "b", "ba", "aa", "abc", "2024-01-01", "a@b.co", "192.0.2.1"]);
  }

  readonly #numbers: readonly Maker[] = [
    () => ({ minimum: this.#below(5) - 2 }),
    () => ({ maximum: this.#below(5) }),
    () => ({ exclusiveMinimum: this.#below(4) - 1 }),
    () => ({ exclusiveMaximum: this.#below(4) + 0.5 }),
    () => ({ multipleOf: this.#pick([1, 2, 3, 0.5, 1.5, 6]) }),
  ];
  readonly #strings: readonly Maker[] = [
    () => ({ minLength: this.#below(3) }),
    () => ({ maxLength: this.#below(4) }),
    () => ({ pattern: this.#pick(PATTERNS) }),
    () => ({ format: this.#pick(["date", "email", "ipv4", "uuid"]) }),
  ];
  readonly #objects: readonly Maker[] = [
    (depth) => ({ properties: Object.fromEntries(this.#some(NAMES).map((name) => [name, this.#schema(depth - 1)])) }),
    (depth) => ({ patternProperties: { [this.#pick(PATTERNS)]: this.#schema(depth - 1) } }),
    (depth) => ({ additionalProperties: this.#schema(depth - 1) }),
    (depth) => (this.#isModern ? { unevaluatedProperties: this.#schema(depth - 1) } : {}),
    () => ({ required: [this.#pick(NAMES)] }),
    () => ({ propertyNames: this.#pick<Schema>([{ maxLength: 1 }, { pattern: "^a" }, { enum: ["a", "b"] }]) }),
    () => ({ minProperties: this.#below(3) }),
    () => ({ maxProperties: this.#below(3) }),
    () => ({ [this.#isModern ? "dependentRequired" : "dependencies"]: { [this.#pick(NAMES)]: [this.#pick(NAMES)] } }),
    (depth) => ({ [this.#isModern ? "dependentSchemas" : "dependencies"]: { a: this.#schema(depth - 1) } }),
  ];
  // Ajv takes `contains` to hold for an empty array after a tuple, so the two are not drawn together.
  readonly #arrays: readonly Maker[] = [
    (depth) => ({ items: this.#schema(depth - 1) }),
    (depth) => (this.#isModern ? { prefixItems: [this.#schema(depth - 1)] } : { items: [this.#schema(depth - 1)] }),
    () => ({ uniqueItems: true }),
    () => ({ minItems: this.#below(3) }),
    () => ({ maxItems: this.#below(4) }),
  ];
  readonly #others: readonly Maker[] = [
    () => ({ type: this.#pick(["string", "number", "integer", "object", "array", "boolean", "null"]) }),
    () => ({ type: ["null", this.#pick(["string", "integer", "array"])] }),
    () => ({ enum: this.#some(CONSTANTS) }),
    () => ({ const: this.#pick(CONSTANTS) }),
    (depth) => ({ contains: this.#schema(Math.min(depth - 1, 0)), ...this.#containsLimits() }),
    (depth) => ({ allOf: [this.#schema(depth - 1), this.#schema(depth - 1)] }),
    (depth) => ({ anyOf: [this.#schema(depth - 1), this.#schema(depth - 1)] }),
    (depth) => ({ oneOf: [this.#schema(depth - 1), this.#schema(depth - 1)] }),
    (depth) => ({ not: this.#schema(depth - 1) }),
    (depth) => ({ if: this.#schema(depth - 1), then: this.#schema(depth - 1), else: this.#schema(depth - 1) }),
    () => (this.#canRefer ? { $ref: this.#pick(["#/definitions/x", "#/definitions/y"]) } : {}),
  ];

  #containsLimits(): Schema {
    const least = 1 + this.#below(2);
    return this.#isModern ? { minContains: least, maxContains: least + this.#below(2) } : {};
  }

  #schema(depth: number): unknown {
    if (this.#below(12) === 0) return this.#pick([true, false, {}]);
    if (depth > 0 && this.#below(3) === 0) return this.#drawn(this.#others, 1 + this.#below(2), depth, {});
    const kinds = [this.#numbers, this.#strings, this.#objects, this.#arrays];
    const kind = this.#below(depth > 0 ? 4 : 2);
    const type = this.#below(5) > 0 ? { type: ["number", "string", "object", "array"][kind] } : {};
    return this.#drawn(kinds[kind] ?? [], 1 + this.#below(3), depth, type);
  }

  #drawn(makers: readonly Maker[], count: number, depth: number, start: Schema): Schema {
    let schema = start;
    for (let drawn = 0; drawn < count; drawn++) schema = { ...schema, ...this.#pick(makers)(depth) };
    // What stands beside a $ref is ignored by draft-07 and applied by Ajv.
    return "$ref" in schema && !this.#isModern ? { $ref: schema["$ref"] } : schema;
  }

  #definition(): unknown {
    this.#canRefer = false;
    const [plain, inner] = [this.#schema(2), this.#schema(1)];
    this.#canRefer = true;
    return this.#pick<unknown>([
      plain,
      { type: "object", properties: { a: { $ref: "#/definitions/x" }, b: inner }, required: ["b"] },
      { anyOf: [{ type: "null" }, { properties: { a: { $ref: "#/definitions/y" }, c: inner }, required: ["a"] }] },
      { type: "array", items: { $ref: "#/definitions/y" }, maxItems: 2 },
    ]);
  }

  /** The schema with one keyword dropped, redrawn or changed inside. */
  #changed(schema: unknown): unknown {
    if (!isObject(schema)) return this.#schema(1);
    const keyword = Object.keys(schema).length > 0 ? this.#pick(Object.keys(schema)) : undefined;
    if (keyword === undefined || this.#below(4) === 0) return this.#drawn(this.#others, 1, 1, schema);
    const value = schema[keyword];
    if (this.#below(4) === 0) return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== keyword));
    return { ...schema, [keyword]: this.#changedValue(keyword, value) };
  }

  #changedValue(keyword: string, value: unknown): unknown {
    if (typeof value === "number" && keyword !== "const") return value === 0 ? 1 : value + 1;
    if (/^(not|if|then|else|items|contains|additionalProperties|unevaluatedProperties)$/.test(keyword)) {
      return isArray(value) ? value : this.#changed(value);
    }
    if (keyword.endsWith("Of") && isArray(value))
      return value.map((part, at) => (at === 0 ? this.#changed(part) : part));
    if (/^(properties|patternProperties)$/.test(keyword) && isObject(value)) {
      return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.#changed(member)]));
    }
    return value;
  }

  #root(schema: unknown, definitions: Schema): unknown {
    if (!isObject(schema)) return schema;
    if (this.#isModern) return { ...schema, $schema: MODERN, definitions };
    return { ...("$ref" in schema ? { allOf: [schema] } : schema), definitions };
  }

  #some<T>(items: readonly T[]): T[] {
    return [...new Set(Array.from({ length: 1 + this.#below(2) }, () => this.#pick(items)))];
  }

  #pick<T>(items: readonly T[]): T {
    for (const item of items.slice(this.#below(items.length))) return item;
    throw new RangeError("there is nothing to pick from");
  }

  /** A whole number below a limit, by a linear congruential generator. */
  #below(limit: number): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#seed / 2 ** 32) * limit);
  }
}
