/**
 * The laws of mappings, for contract tests:
 *
 * ```ts
 * for (const { event, subjects } of await lawSubjects(model, { generated, parts })) {
 *   describe(event, () => {
 *     it.each(subjects)("$name", (subject) => expect(brokenLaws(subject)).toBe(""));
 *   });
 * }
 * ```
 *
 * fast-check makes the values; whoever runs the tests installs it.
 */
import { checkLaws, type LawOptions } from "./check-laws.ts";
import type { LawSubject } from "./subject.ts";

export { checkChain } from "./check-chain.ts";
export { checkLaws } from "./check-laws.ts";
export { lawSubjects } from "./law-subjects.ts";
export type { LawSubject } from "./subject.ts";

/** What to print of the laws that a mapping breaks, with a payload that shows each; empty when it keeps them all. */
export function brokenLaws(subject: LawSubject, options?: LawOptions): string {
  const errors = checkLaws(subject, options).filter(({ severity }) => severity === "error");
  return errors.map(({ text }) => text).join("\n\n");
}
