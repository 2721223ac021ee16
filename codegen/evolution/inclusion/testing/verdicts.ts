import { describe, expect, it } from "vitest";
import { compareSchemas, type Comparison } from "../../compare.ts";
import { judge } from "./ajv-judge.ts";

export type Verdict = "compatible" | "breaking" | "undecided";
/** What is compared, the verdict of left to right, and of right to left. */
export type Case = readonly [left: unknown, right: unknown, forth: Verdict, back: Verdict];

/** Tests each pair in both directions; Ajv must say the same of every witness. */
export function expectVerdicts(cases: Readonly<Record<string, readonly Case[]>>): void {
  for (const [about, pairs] of Object.entries(cases)) {
    describe(`verdicts on ${about}`, () => {
      const directions = pairs.flatMap(([left, right, forth, back]) => [
        { writer: left, reader: right, expected: forth },
        { writer: right, reader: left, expected: back },
      ]);
      it.each(directions)("$writer to $reader is $expected", ({ writer, reader, expected }) => {
        const comparison = compareSchemas(writer, reader);
        expect(comparison).toMatchObject({ verdict: expected });
        expect(isConfirmed(comparison, writer, reader)).toBe(true);
      });
    });
  }
}

/** Whether Ajv says the same of a witness; a schema that it refuses to compile is none that the runtime could hold. */
function isConfirmed(comparison: Comparison, writer: unknown, reader: unknown): boolean {
  if (comparison.verdict !== "breaking") return true;
  const [allows, accepts] = [judge(writer), judge(reader)];
  return allows?.(comparison.witness) !== false && accepts?.(comparison.witness) !== true;
}
