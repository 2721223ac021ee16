/** What may be published to: NATS itself would store a message under the literal subject `orders.*`. */

const LITERAL = /^[^\s.*>\p{Cc}]+(?:\.[^\s.*>\p{Cc}]+)*$/u;

/** Why nothing can be published to `subject`; undefined when it is a literal subject of the application. */
export function subjectProblem(subject: string): string | undefined {
  if (!LITERAL.test(subject)) return "it needs tokens joined by dots, none empty, without spaces, * or >";
  if (subject.startsWith("$")) return "subjects that begin with $ belong to the server";
  return undefined;
}
