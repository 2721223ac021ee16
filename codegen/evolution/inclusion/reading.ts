import { satisfies } from "./accepts.ts";
import { Budget, OutOfBudget } from "./budget.ts";
import { Formulas, type Claim } from "./formula.ts";
import { unsure, type Outcome } from "./outcome.ts";
import { Solver } from "./solver.ts";
import { Languages } from "./language/language.ts";
import { Pattern } from "./language/pattern.ts";
import { SchemaReader, type Siblings } from "./schema/read-schema.ts";

/** Two schemas under one way to read them, and the question that is asked of them. */
export interface Reading {
  /** Whether another way to read them may give another answer. */
  readonly isAmbiguous: boolean;
  /** A value that the writer may write and the reader refuses, if there is one. */
  readonly outcome: Outcome;
  /** Whether a value is one that the writer may write and the reader refuses. */
  confirms(value: unknown): boolean;
}

/** Reads a pair of schemas and looks for a value that the one allows and the other refuses. */
export function readPair(writer: unknown, reader: unknown, siblings: Siblings, steps: number): Reading {
  const formulas = new Formulas();
  const languages = new Languages();
  const patterns = new Map<string, Pattern>();
  const patternOf = (source: string): Pattern => {
    const known = patterns.get(source) ?? new Pattern(source, languages);
    patterns.set(source, known);
    return known;
  };
  const schemas = new SchemaReader(formulas, patternOf, siblings);
  let claims: readonly Claim[] = [];
  const outcome = bounded(() => {
    claims = [
      { formula: schemas.read(writer), holds: true },
      { formula: schemas.read(reader), holds: false },
    ];
    return new Solver(formulas, languages, new Budget(steps)).solve(claims);
  });
  return {
    outcome,
    isAmbiguous: schemas.isAmbiguous,
    confirms: (value) => claims.length > 0 && satisfies(claims, value) === true,
  };
}

/** Ends work that grows too long or too deep as a doubt. */
function bounded(work: () => Outcome): Outcome {
  try {
    return work();
  } catch (error) {
    if (error instanceof OutOfBudget) return unsure(error.message);
    // V8 throws a RangeError when its stack is full, and when a string or a BigInt would be too long.
    if (error instanceof RangeError) return unsure("the schemas are nested too deeply to compare");
    throw error;
  }
}
