/** The second opinion on a payload before it is shown: the validator's. */
import { Ajv2019, type ErrorObject } from "ajv/dist/2019.js";
import formats from "ajv-formats";
import type { JsonObject } from "../spec/json.ts";
import type { Fault } from "./change.ts";

/** More faults of one payload are not shown. */
const SHOWN = 3;
const UMBRELLAS = new Set(["anyOf", "oneOf", "allOf", "if", "not"]);

/**
 * Asks Ajv whether a writer's schema allows a payload and a reader's schema refuses it.
 * @returns Why the reader refuses it; undefined when the writer may not write it, the reader takes it, or Ajv cannot tell.
 */
export function confirmWitness(writer: JsonObject, reader: JsonObject, witness: unknown): readonly Fault[] | undefined {
  // 2019-09 is draft-07 and the keyword that a closed writer needs.
  const ajv = new Ajv2019({ allErrors: true, strict: false, validateSchema: false, logger: false });
  formats.default(ajv);
  try {
    if (!ajv.validate(writer, witness) || ajv.validate(reader, witness)) return undefined;
    return faultsOf(ajv.errors ?? []);
  } catch {
    // A schema that Ajv does not compile proves nothing.
    return undefined;
  }
}

/** The innermost reasons: a branch that did not fit is told by what did not fit in it. */
function faultsOf(errors: readonly ErrorObject[]): Fault[] {
  const inner = errors.filter(({ keyword }) => !UMBRELLAS.has(keyword));
  const faults = (inner.length > 0 ? inner : errors).map(({ instancePath, message, keyword, params }) => ({
    path: instancePath,
    message: `${message ?? keyword}${detail(keyword, params)}`,
  }));
  return faults.slice(0, SHOWN);
}

function detail(keyword: string, params: Readonly<Record<string, unknown>>): string {
  const allowed = params["allowedValues"];
  if (keyword === "enum" && Array.isArray(allowed))
    return `: ${allowed.map((value) => JSON.stringify(value)).join(", ")}`;
  if (keyword === "const") return ` ${JSON.stringify(params["allowedValue"])}`;
  if (keyword === "additionalProperties") return `: ${String(params["additionalProperty"])}`;
  return "";
}
