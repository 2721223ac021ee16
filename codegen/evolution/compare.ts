import type { Outcome } from "./inclusion/outcome.ts";
import { readPair } from "./inclusion/reading.ts";

/** The answer of {@link compareSchemas}. */
export type Comparison =
  /** Proven: the reader accepts every value that the writer may write. */
  | { readonly verdict: "compatible" }
  /** The writer may write the witness, and the reader refuses it. */
  | { readonly verdict: "breaking"; readonly witness: unknown }
  /** Neither could be shown; the reason says what stands in the way. */
  | { readonly verdict: "undecided"; readonly reason: string };

/** What a caller may change about a comparison. */
export interface CompareOptions {
  /** How many steps the comparison may take before it is undecided. Default: 200,000; most pairs take a few hundred. */
  readonly steps?: number;
}

const STEPS = 200_000;

/**
 * Compares two JSON Schemas: does a reader that holds `reader` accept every value that a writer that holds `writer` may
 * write? Both are taken as written; who fills defaults or ignores unknown members is for the caller to put into them.
 *
 * - `{type: "integer"}` to `{type: "number"}` is `{verdict: "compatible"}`
 * - `{type: "number"}` to `{type: "integer"}` is `{verdict: "breaking", witness: 0.5}`
 * - `{type: "string"}` to `{type: "string", entropy: 3}` is `{verdict: "undecided", reason: "the keyword entropy is not known"}`
 *
 * Drafts 04, 06, 07, 2019-09 and 2020-12 are read, by `$schema`; without one, draft-07 and what only later drafts have.
 * Every keyword is understood, known to assert nothing (annotations and `x-` extensions), or keeps the verdict from
 * being `compatible`; a witness never depends on such a keyword being more than ignored. `format` is an assertion, as
 * ajv-formats checks it. Where validators disagree (decimals in `multipleOf`, keywords beside a `$ref` in draft-07),
 * a verdict holds for all of them; only beyond 2^53 are numbers taken to be exact. A writer's schema that allows
 * nothing is compatible with every reader.
 *
 * The work is bounded by steps, not by time: a pair has one verdict on every machine. It never throws, and reads no file.
 *
 * Sources: JSON Schema draft-07 Core and Validation (draft-handrews-json-schema-01, -validation-01); 2020-12 Core,
 * sections 8 to 11, and Validation, sections 6 to 8.
 */
export function compareSchemas(writer: unknown, reader: unknown, options: CompareOptions = {}): Comparison {
  const steps = options.steps ?? STEPS;
  const first = readPair(writer, reader, "ignored", steps);
  if (!first.isAmbiguous) return answer(first.outcome);
  const second = readPair(writer, reader, "applied", steps);
  if (first.outcome.is === "none" && second.outcome.is === "none") return { verdict: "compatible" };
  for (const { outcome } of [first, second]) {
    if (outcome.is === "value" && first.confirms(outcome.value) && second.confirms(outcome.value))
      return answer(outcome);
  }
  for (const { outcome } of [first, second]) if (outcome.is === "unsure") return answer(outcome);
  return undecided("keywords stand beside a $ref, which draft-07 ignores and Ajv applies: put the $ref into an allOf");
}

function answer(outcome: Outcome): Comparison {
  if (outcome.is === "value") return { verdict: "breaking", witness: outcome.value };
  return outcome.is === "none" ? { verdict: "compatible" } : undecided(outcome.why);
}

function undecided(reason: string): Comparison {
  return { verdict: "undecided", reason };
}
