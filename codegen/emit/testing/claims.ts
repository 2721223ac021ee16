/** What types and validators must agree on: values at the edges of a schema, at random, and with one thing wrong. */
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { default as addFormats } from "ajv-formats";
import fc from "fast-check";
import { arbitraryOf } from "../../evolution/laws/arbitrary.ts";
import { boundariesOf } from "../../evolution/laws/boundaries.ts";
import type { Definitions } from "../json-schema.ts";
import { readDecimals } from "../validators/multiple-of.ts";
import { declareValue } from "./declare-value.ts";
import type { EmittedType } from "./emitted-types.ts";

/** Values of one schema. */
const MOST = 150;

/** TypeScript that compiles when the type agrees, and the values on which the emitted validator and Ajv do not. */
export interface Claims {
  readonly lines: readonly string[];
  readonly disagreements: readonly unknown[];
}

/**
 * Values held against the type and against the emitted validator, by the verdict of a fresh Ajv.
 * @param wider Whether the type is known to admit more than the validator.
 */
export function claimsOf(
  { schema }: EmittedType,
  validate: (value: unknown) => boolean,
  definitions: Definitions,
  wider: boolean,
): Claims {
  const ajv = readDecimals(new Ajv({ strict: false, allErrors: true, ownProperties: true, logger: false }));
  addFormats.default(ajv);
  ajv.addSchema({ $id: "schemas", definitions: { ...Object.fromEntries(definitions), "the root": schema } });
  const reference = referenceOf(ajv);
  if (reference === undefined) return { lines: [], disagreements: [] };
  const right = valuesOf(() => boundariesOf(schema, definitions)).concat(
    valuesOf(() => fc.sample(arbitraryOf(schema, definitions), { seed: 1, numRuns: 12 })),
  );
  const values = distinct([...right, ...right.flatMap(broken)]);
  const made = distinct(right).length;
  const disagreements: unknown[] = [];
  const lines = values.slice(0, MOST).flatMap((value, index) => {
    const verdict = reference(value);
    if (validate(value) !== verdict) disagreements.push(value);
    // An object that shares no property with a type of optional ones is refused by the compiler, though it fits.
    if (verdict) return index < made ? [declareValue(String(index), "Type", value, "")] : [];
    if (wider || !(reference.errors ?? []).every(isExpressible)) return [];
    return [declareValue(String(index), "Type", value, "// @ts-expect-error\n")];
  });
  return { lines, disagreements };
}

/** Undefined where Ajv by itself cannot compile what was warned of, such as a pattern that is none. */
function referenceOf(ajv: Ajv): ValidateFunction | undefined {
  try {
    return ajv.compile({ $ref: "schemas#/definitions/the%20root" });
  } catch {
    return undefined;
  }
}

/** Whether TypeScript can refuse what the keyword refuses. In a union each branch says why not, and one may not know. */
function isExpressible({ keyword, schemaPath, params }: ErrorObject): boolean {
  if (/\/(anyOf|oneOf|not|if|then|else|dependencies|contains|propertyNames|patternProperties)\b/.test(schemaPath)) {
    return false;
  }
  if (keyword === "type") return ![params["type"]].flat().includes("integer");
  return ["required", "const", "enum", "false schema"].includes(keyword);
}

/** The value with one thing wrong, each in turn. */
function broken(value: unknown): unknown[] {
  const wrong = [null, "wrong", -0.5, true, [], {}].filter((other) => typeof other !== typeof value).slice(0, 3);
  if (typeof value !== "object" || value === null) return wrong;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return [...wrong, ...items.map((_, index) => items.with(index, { wrong: 1 }))];
  }
  const entries = Object.entries(value);
  return [
    ...wrong,
    ...entries.map(([key]) => Object.fromEntries(entries.filter(([other]) => other !== key))),
    ...entries.flatMap(([key, member]) =>
      [{ wrong: 1 }, "wrong", 7, null]
        .filter((other) => typeof other !== typeof member)
        .map((other) => ({ ...value, [key]: other })),
    ),
  ];
}

function distinct(values: readonly unknown[]): unknown[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** JSON values only, and none where a schema is too odd to make any. */
function valuesOf(make: () => readonly unknown[]): unknown[] {
  try {
    return make()
      .filter((value) => value !== undefined)
      .map((value): unknown => JSON.parse(JSON.stringify(value)));
  } catch {
    return [];
  }
}
