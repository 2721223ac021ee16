/** Values that fit more than one branch of `oneOf`, which a union of types lets through. */
import { compareSchemas } from "../../evolution/compare.ts";
import { schemaList, type Definitions, type SchemaObject } from "../json-schema.ts";
import { usedDefinitions } from "../schema-document.ts";
import type { JsonTypes } from "./json-types.ts";

/** Steps for each branch; branches that a `const` tells apart take a few hundred. */
const STEPS = 20_000;

/** Whether a value fits two branches: never, as the witness does, or as far as it is known perhaps. */
export type Overlap =
  | { readonly is: "none" }
  | { readonly is: "value"; readonly witness: unknown }
  | { readonly is: "unsure" };

/** What fits two branches of the schema's `oneOf`, and everything beside it, and is of one of the types. */
export function branchOverlap(schema: SchemaObject, types: JsonTypes, definitions: Definitions): Overlap {
  const { oneOf, $ref: reference, ...rest } = schema;
  const branches = schemaList(oneOf);
  const around = [rest, { type: [...types] }, ...(reference === undefined ? [] : [{ $ref: reference }])];
  const shared = Object.fromEntries(usedDefinitions(schema, definitions));
  let overlap: Overlap = { is: "none" };
  for (const [index, branch] of branches.entries()) {
    const later = branches.slice(index + 1);
    if (later.length === 0) break;
    const both = { allOf: [...around, branch, { anyOf: later }], definitions: shared };
    const comparison = compareSchemas(both, false, { steps: STEPS });
    if (comparison.verdict === "breaking") return { is: "value", witness: comparison.witness };
    if (comparison.verdict === "undecided") overlap = { is: "unsure" };
  }
  return overlap;
}
