/** Documents that somebody has changed without looking: a member removed, renamed or copied, a schema made another. */
import type { Chance } from "../../lab/testing/chance.ts";
import { isObject, type JsonObject, own, setOwn } from "../spec/json.ts";
import { under } from "../spec/pointer.ts";

/** Changes of one document. */
const MOST_CHANGES = 3;

/** A place of a document that is changed. */
interface Spot {
  readonly at: string;
  readonly name: string;
  readonly value: unknown;
  /** Puts something else there; nothing removes it. */
  put(...value: readonly unknown[]): void;
  /** Puts something beside it. */
  putBeside(name: string, value: unknown): void;
  readonly isSchema: boolean;
}

const SCHEMAS = /^(payload|headers|items|additionalProperties|contains|not)$/;
const NAMED_SCHEMAS = /^(properties|schemas|patternProperties|definitions|allOf|anyOf|oneOf)$/;

const NAMES = [
  ...["__proto__", "constructor", "toString", "then", "default", "class", "await", "Array", "Promise", "length"],
  ...["a b", "1x", "é", "a/b", "a~b", "", "a.b", "${x}", "*/", "🎈", "order_id", "orderId", "x-y", "type", "enum"],
];

const VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e21, "", "text", "*/", "${x}", "a\nb", "2020-01-01", [], {}, ["a"], { a: 1 }],
];

const KEYWORDS: readonly JsonObject[] = [
  ...["string", "integer", "object", "array", "null", ["string", "null"]].map((type) => ({ type })),
  ...["a", 1, null, { a: 1 }, [1]].map((value) => ({ const: value })),
  ...[
    ["a", "b"],
    [1, 2],
    [null, "a"],
    [{ a: 1 }, [1]],
  ].map((values) => ({ enum: values })),
  ...[false, { type: "string" }, { type: "integer" }].map((additionalProperties) => ({ additionalProperties })),
  ...[{ type: "string" }, [{ type: "string" }, { type: "integer" }], true, {}].map((items) => ({ items })),
  ...["uuid", "date-time", "made-up"].map((format) => ({ format })),
  ...["^a", "\\d{2}", "^(?!x)"].map((pattern) => ({ pattern })),
  ...["class", "a b", ""].map((title) => ({ title })),
  ...["https://example.com/x", "thing", "#thing"].map(($id) => ({ $id })),
  { nullable: true },
  { minLength: 2 },
  { exclusiveMinimum: 3 },
  { uniqueItems: true },
  { minItems: 1, maxItems: 2 },
  { required: ["id", "b"] },
  { patternProperties: { "^x-": { type: "string" } } },
  { dependencies: { a: ["b"] } },
  { propertyNames: { pattern: "^a" } },
  { contains: { type: "string" } },
  { discriminator: "kind" },
  { default: 1, examples: [1, "a"] },
  { description: "*/ `${x}` \u2028", deprecated: true, readOnly: true },
];

/** A document that differs from the given one in up to three places, with what was done to it. */
export function mutatedDocument(document: JsonObject, chance: Chance): { document: JsonObject; done: string[] } {
  const changed = structuredClone(document);
  const done: string[] = [];
  for (let left = 1 + chance.below(MOST_CHANGES); left > 0; left -= 1) {
    const spots = spotsOf(changed);
    if (spots.length === 0) break;
    const schemas = spots.filter(({ isSchema }) => isSchema);
    done.push(schemas.length > 0 && !chance.once(3) ? changeSchema(schemas, chance) : change(spots, chance));
  }
  return { document: changed, done };
}

function change(spots: readonly Spot[], chance: Chance): string {
  const spot = chance.pick(spots);
  const other = chance.pick(spots);
  switch (chance.below(5)) {
    case 0:
      spot.put();
      return `removed ${spot.at}`;
    case 1: {
      const value = chance.pick(VALUES);
      spot.put(structuredClone(value));
      return `put ${JSON.stringify(value)} at ${spot.at}`;
    }
    case 2: {
      const name = chance.pick(NAMES);
      spot.putBeside(name, structuredClone(spot.value));
      if (chance.once(2)) spot.put();
      return `renamed ${spot.at} to ${name}`;
    }
    case 3:
      spot.put(structuredClone(other.value));
      return `copied ${other.at} to ${spot.at}`;
    default:
      spot.putBeside(spot.name.slice(0, -1), structuredClone(spot.value));
      spot.put();
      return `misspelt ${spot.at}`;
  }
}

function changeSchema(schemas: readonly Spot[], chance: Chance): string {
  const spot = chance.pick(schemas);
  const other = chance.pick(schemas);
  const [schema, another] = [spot.value, structuredClone(other.value)];
  const said = chance.pick(KEYWORDS);
  switch (chance.below(6)) {
    case 0:
    case 1:
      spot.put({ ...(isObject(schema) ? schema : {}), ...structuredClone(said) });
      return `added ${JSON.stringify(said)} at ${spot.at}`;
    case 2: {
      const keyword = chance.pick(["allOf", "anyOf", "oneOf"]);
      spot.put({ [keyword]: [schema, another] });
      return `wrapped ${spot.at} in ${keyword} with ${other.at}`;
    }
    case 3:
      spot.put({ $ref: `#${other.at}` });
      return `let ${spot.at} refer to ${other.at}`;
    case 4: {
      const around = chance.pick(["items", "additionalProperties", "not", "contains"]);
      spot.put({ [around]: schema });
      return `put ${spot.at} under ${around}`;
    }
    default:
      spot.put(another);
      return `copied ${other.at} to ${spot.at}`;
  }
}

/** Every place below the root. Where a reference is written is no place: what it leads to is. */
function spotsOf(holder: unknown, around = ""): Spot[] {
  if (typeof holder !== "object" || holder === null) return [];
  return Object.entries(holder).flatMap(([name, value]) => {
    if (name === "$ref") return [];
    const at = under(around, name);
    const isSchema =
      isObject(value) && (SCHEMAS.test(name) || NAMED_SCHEMAS.test(around.slice(around.lastIndexOf("/") + 1)));
    const spot: Spot = {
      at,
      name,
      value,
      isSchema,
      put: (...values) => {
        if (values.length > 0) setOwn(holder, name, values[0]);
        else if (Array.isArray(holder)) holder.splice(Number(name), 1);
        else Reflect.deleteProperty(holder, name);
      },
      putBeside: (beside, what) => {
        if (Array.isArray(holder)) holder.push(what);
        else setOwn(holder, beside, what);
      },
    };
    return [spot, ...spotsOf(value, at)];
  });
}

/** Whether a document is made of one file, as far as its references show. */
export function isOneFile(value: unknown): boolean {
  const ref = own(value, "$ref");
  if (typeof ref === "string" && !ref.startsWith("#")) return false;
  return typeof value !== "object" || value === null || Object.values(value).every(isOneFile);
}
