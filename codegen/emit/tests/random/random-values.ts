/** Values to try a schema on: such as fit it, such as nearly do, and any others. */
import { merge } from "../../../evolution/laws/arbitrary.ts";
import type { JsonSchema } from "../../../model/model.ts";
import {
  type Definitions,
  isSchema,
  schemaEntries,
  schemaList,
  type SchemaObject,
  stringList,
} from "../../json-schema.ts";
import { literalsOf, typesIn } from "../../types/json-types.ts";
import type { Chance } from "../../../../lab/testing/chance.ts";
import { CONSTANTS, NAMES } from "./random-schemas.ts";

const TEXTS = ["", "a", "ab", "12", "abcd", "2024-02-29", "2024-02-29T00:00:00Z", "a@b.co", "*/"];
const NUMBERS = [0, 1, 2, -1, 0.5, 1.5, 3, 4, 1e21, 0.29];

/** Different values for one schema. */
export function valuesFor(schema: JsonSchema, definitions: Definitions, chance: Chance, count: number): unknown[] {
  const made = Array.from({ length: count }, () => fitting(schema, definitions, chance, 0));
  const near = made.map((value) => changed(value, chance));
  const others = Array.from({ length: Math.ceil(count / 2) }, () => anything(chance, 2));
  const values = [...made, ...near, ...others].filter((value) => value !== undefined);
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()].map((value): unknown =>
    JSON.parse(JSON.stringify(value)),
  );
}

function fitting(schema: JsonSchema, definitions: Definitions, chance: Chance, depth: number): unknown {
  const merged = depth > 6 ? true : merge(schema, definitions);
  if (typeof merged === "boolean") return anything(chance, 1);
  const branches = [
    ...schemaList(merged.anyOf),
    ...schemaList(merged.oneOf),
    ...schemaList([merged.then, merged.else]),
  ];
  if (branches.length > 0 && !chance.once(6)) {
    const { anyOf: _any, oneOf: _one, if: _if, then: _then, else: _else, ...rest } = merged;
    return fitting({ allOf: [rest, chance.pick(branches)] }, definitions, chance, depth + 1);
  }
  const literals = literalsOf(merged);
  if (literals !== undefined && literals.length > 0) return chance.pick(literals);
  const possible = [...typesIn(definitions)(merged)];
  const likely = possible.filter((type) => merged.type !== undefined || implies(merged, type));
  const types = likely.length > 0 && !chance.once(8) ? likely : possible;
  if (types.length === 0) return anything(chance, 1);
  switch (chance.pick(types)) {
    case "object":
      return object(merged, definitions, chance, depth);
    case "array":
      return array(merged, definitions, chance, depth);
    case "string":
      return chance.pick(TEXTS);
    case "number":
      return chance.pick(NUMBERS);
    case "boolean":
      return chance.once(2);
    case "null":
      return null;
  }
}

function implies(schema: SchemaObject, type: string): boolean {
  if (type === "object")
    return [
      "properties",
      "required",
      "patternProperties",
      "additionalProperties",
      "dependencies",
      "propertyNames",
    ].some((keyword) => schema[keyword] !== undefined);
  return type === "array" && ["items", "additionalItems", "contains"].some((keyword) => schema[keyword] !== undefined);
}

function object(schema: SchemaObject, definitions: Definitions, chance: Chance, depth: number): unknown {
  const properties = new Map(schemaEntries(schema.properties));
  const patterns = schemaEntries(schema.patternProperties);
  const other = isSchema(schema.additionalProperties) ? schema.additionalProperties : true;
  const names = new Set([...stringList(schema.required), ...[...properties.keys()].filter(() => !chance.once(2))]);
  if (chance.once(2))
    for (const name of chance.some(NAMES, 0, 2)) if (other !== false || patterns.length > 0) names.add(name);
  const members = [...names].flatMap((name): [string, unknown][] => {
    const matched = patterns.filter(([pattern]) => new RegExp(pattern, "u").test(name)).map(([, inner]) => inner);
    const own = properties.get(name);
    const applied = own === undefined ? matched : [own, ...matched];
    const inner: JsonSchema = applied.length > 0 ? { allOf: applied } : other;
    if (inner === false && !stringList(schema.required).includes(name)) return [];
    return [[name, fitting(inner, definitions, chance, depth + 1)]];
  });
  return Object.fromEntries(members);
}

function array(schema: SchemaObject, definitions: Definitions, chance: Chance, depth: number): unknown {
  const most = typeof schema.maxItems === "number" ? Math.min(schema.maxItems, 4) : 4;
  const least = Math.min(typeof schema.minItems === "number" ? schema.minItems : 0, most);
  const length = least + chance.below(most - least + 1);
  const tuple = Array.isArray(schema.items) ? schemaList(schema.items) : [];
  const further = Array.isArray(schema.items) ? schema.additionalItems : schema.items;
  const items: unknown[] = [];
  for (let index = 0; index < length; index += 1) {
    const inner = tuple[index] ?? (isSchema(further) ? further : true);
    if (inner === false) break;
    const wanted = isSchema(schema.contains) && chance.once(2) ? { allOf: [inner, schema.contains] } : inner;
    items.push(fitting(wanted, definitions, chance, depth + 1));
  }
  return items;
}

/** The value with one thing otherwise. */
function changed(value: unknown, chance: Chance): unknown {
  if (typeof value !== "object" || value === null || chance.once(4)) return anything(chance, 1);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (items.length === 0 || chance.once(3)) return [...items, anything(chance, 1)];
    const index = chance.below(items.length);
    return chance.once(3) ? items.toSpliced(index, 1) : items.with(index, changed(items[index], chance));
  }
  const entries = Object.entries(value);
  if (entries.length === 0 || chance.once(3)) {
    return Object.fromEntries([...entries, [chance.pick(NAMES), anything(chance, 1)]]);
  }
  const chosen = chance.below(entries.length);
  return Object.fromEntries(
    chance.once(3)
      ? entries.toSpliced(chosen, 1)
      : entries.map(([name, member], index) => [name, index === chosen ? changed(member, chance) : member]),
  );
}

function anything(chance: Chance, depth: number): unknown {
  const kind = depth > 0 ? chance.below(5) : 0;
  if (kind === 3) return chance.list(3, () => anything(chance, depth - 1));
  if (kind === 4)
    return Object.fromEntries(chance.some(NAMES, 0, 2).map((name) => [name, anything(chance, depth - 1)]));
  return chance.pick([...CONSTANTS, ...TEXTS, ...NUMBERS]);
}
