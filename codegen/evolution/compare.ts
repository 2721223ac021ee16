import { satisfies } from "./inclusion/accepts.ts";
import { Budget, OutOfBudget } from "./inclusion/budget.ts";
import { Formulas, type Claim } from "./inclusion/formula.ts";
import { Solver } from "./inclusion/solver.ts";
import { Languages } from "./language/language.ts";
import { Pattern } from "./language/pattern.ts";
import { SchemaReader, type Siblings } from "./schema/read-schema.ts";

/** The answer of {@link compareSchemas}. */
export type Comparison =
  /** Proven: the reader accepts every value that the writer may write. */
  | { readonly verdict: "compatible" }
  /** The writer may write the witness, and the reader refuses it. */
  | { readonly verdict: "breaking"; readonly witness: unknown }
  /** Neither could be shown; the reason says what stands in the way. */
  | { readonly verdict: "undecided"; readonly reason: string };

export interface CompareOptions {
  /** How many steps the comparison may take before it is undecided. Default: 20,000, some tens of milliseconds. */
  readonly steps?: number;
}

const STEPS = 20_000;

export function compareSchemas(writer: unknown, reader: unknown, options: CompareOptions = {}): Comparison {
  const steps = options.steps ?? STEPS;
  const first = new Reading(writer, reader, "ignored", steps);
  const verdict = first.compare();
  if (!first.isAmbiguous) return verdict;
  const second = new Reading(writer, reader, "applied", steps);
  const other = second.compare();
  if (verdict.verdict === "compatible" && other.verdict === "compatible") return verdict;
  if (verdict.verdict === "breaking" && second.confirms(verdict.witness)) return verdict;
  if (other.verdict === "breaking" && first.confirms(other.witness)) return other;
  if (verdict.verdict === "undecided") return verdict;
  return other.verdict === "undecided"
    ? other
    : {
        verdict: "undecided",
        reason: "keywords stand beside a $ref, which draft-07 ignores and Ajv applies: put the $ref into an allOf",
      };
}

/** Both schemas as formulas of one comparison. */
class Reading {
  readonly #claims: readonly Claim[];
  readonly #solver: Solver;
  readonly isAmbiguous: boolean;

  constructor(writer: unknown, reader: unknown, siblings: Siblings, steps: number) {
    const formulas = new Formulas();
    const languages = new Languages();
    const patterns = new Map<string, Pattern>();
    const schemas = new SchemaReader(
      formulas,
      (source) => {
        let pattern = patterns.get(source);
        if (pattern === undefined) patterns.set(source, (pattern = new Pattern(source, languages)));
        return pattern;
      },
      siblings,
    );
    this.#claims = [
      { formula: schemas.read(writer), holds: true },
      { formula: schemas.read(reader), holds: false },
    ];
    this.#solver = new Solver(formulas, languages, new Budget(steps));
    this.isAmbiguous = schemas.isAmbiguous;
  }

  compare(): Comparison {
    try {
      const outcome = this.#solver.solve(this.#claims);
      if (outcome.is === "value") return { verdict: "breaking", witness: outcome.value };
      return outcome.is === "none" ? { verdict: "compatible" } : { verdict: "undecided", reason: outcome.why };
    } catch (error) {
      if (error instanceof OutOfBudget) return { verdict: "undecided", reason: error.message };
      throw error;
    }
  }

  /** Whether a value is one that the writer may write and the reader refuses. */
  confirms(value: unknown): boolean {
    return satisfies(this.#claims, value) === true;
  }
}
