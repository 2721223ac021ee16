/** A schema on which type and validator disagree, made as small as it can be. */
import { Ajv } from "ajv";
import { simpler } from "../../../evolution/laws/shrink.ts";
import type { JsonSchema } from "../../../model/model.ts";
import { isObject, isSchema } from "../../json-schema.ts";
import { agreementOf, type Disagreement, type MakeValues } from "./agreement.ts";
import { reachedFrom, type Schemas } from "./contract.ts";
import { referencesFor } from "./reference.ts";

const ROUNDS = 40;
/** Simpler schemas of one round, which are one contract. */
const MOST = 150;

const ajv = new Ajv({ strict: false, logger: false });

/** A schema, those that it refers to, and what is wrong with it. */
export interface Counterexample {
  readonly schema: JsonSchema;
  readonly named: Schemas["named"];
  readonly disagreement: Disagreement;
}

/** The smallest schema that still shows the kind of disagreement that one payload shows. */
export async function smallest(schemas: Schemas, first: Disagreement, valuesFor: MakeValues): Promise<Counterexample> {
  const { named } = schemas;
  let schema = schemas.payloads[first.index ?? -1] ?? true;
  let disagreement = first;
  for (let round = 0; round < ROUNDS; round += 1) {
    const payloads = candidates(schema, named);
    if (payloads.length === 0) break;
    const { value } = disagreement;
    const also = value === undefined ? [] : [value, ...simpler(value)];
    const { disagreements } = await agreementOf({ named, payloads }, (...of) => [...also, ...valuesFor(...of)]);
    const found = disagreements.find(({ kind, index }) => kind === first.kind && index !== undefined);
    if (found?.index === undefined) break;
    schema = payloads[found.index] ?? true;
    disagreement = found;
  }
  const reached = reachedFrom(schema, named);
  return {
    schema,
    named: Object.fromEntries(Object.entries(named).filter(([name]) => reached.has(name))),
    disagreement,
  };
}

/** Schemas that are one step simpler. */
function candidates(schema: JsonSchema, named: Schemas["named"]): JsonSchema[] {
  const found: JsonSchema[] = [];
  for (const candidate of [...parts(schema), ...followed(schema, named), ...simpler(schema)]) {
    if (found.length === MOST) break;
    if (!isSchema(candidate) || ajv.validateSchema(candidate) !== true) continue;
    if ([...reachedFrom(candidate, named)].some((name) => !(name in named))) continue;
    if (isReadable(candidate, named)) found.push(candidate);
  }
  return found;
}

/** Whether Ajv can compile it: what is cut in the middle of a pattern is none. */
function isReadable(schema: JsonSchema, named: Schemas["named"]): boolean {
  try {
    referencesFor({ named, payloads: [schema] })(0);
    return true;
  } catch {
    return false;
  }
}

/** The schemas inside a schema, each by itself. */
function parts(schema: unknown): unknown[] {
  return isObject(schema)
    ? Object.values(schema).flatMap((value) => [
        value,
        ...(isObject(value) || Array.isArray(value) ? Object.values(value) : []),
      ])
    : [];
}

/** The schema with what it refers to in place of a reference. */
function followed(schema: JsonSchema, named: Schemas["named"]): JsonSchema[] {
  const name = isObject(schema) && typeof schema.$ref === "string" ? schema.$ref.split("/").at(-1) : undefined;
  const target = name === undefined ? undefined : named[name];
  return target === undefined ? [] : [target];
}
