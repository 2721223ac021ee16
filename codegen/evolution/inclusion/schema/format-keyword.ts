import { checkOf } from "../language/formats.ts";
import type { Formula, Formulas } from "../formula.ts";

const INT32 = { least: -(2 ** 31), greatest: 2 ** 31 - 1 };
/** Formats that the specification defines and that our validators cannot check. */
const UNCHECKED = new Set(["idn-email", "idn-hostname", "iri", "iri-reference"]);
/** Formats that say how a value is shown or stored, and refuse none. */
const ACCEPT_ALL = new Set(["binary", "double", "float", "password"]);

/**
 * What `format` asserts, as ajv-formats in its full mode checks it: formats of strings as atoms, those of numbers
 * as bounds. A format that nobody defines is ignored by validators.
 */
export function formatFormula(format: string, formulas: Formulas): Formula {
  if (ACCEPT_ALL.has(format)) return formulas.true;
  const whole = formulas.atom("multiple:1", { op: "multiple", of: 1 });
  if (format === "int64") return whole;
  if (format === "int32") {
    const { least, greatest } = INT32;
    return formulas.all([
      whole,
      formulas.atom(`from:${least}:false`, { op: "from", limit: least, open: false }),
      formulas.atom(`upTo:${greatest}:false`, { op: "upTo", limit: greatest, open: false }),
    ]);
  }
  if (checkOf(format) !== undefined) return formulas.atom(`format:${format}`, { op: "format", format });
  const unknown = formulas.unknown(
    `format:${format}`,
    `the format ${format} is not one that can be checked`,
    !UNCHECKED.has(format),
  );
  return formulas.forKind("string", unknown);
}
