/** Changes that could hurt: each is refused until it is allowed by its name, and says what would happen. */
import type { Allowed } from "./allow.ts";
import type { Change } from "./plan.ts";

/** One thing that a change would do to somebody. */
export interface Danger {
  /** As `--allow` names it. */
  readonly kind: string;
  /** What would happen, to whom, and what to do instead: sentences. */
  readonly says: string;
}

/** The change with what it would do; refused when one of that is not allowed. */
export function weigh(change: Change, dangers: readonly Danger[], allowed: Allowed): Change {
  if (dangers.length === 0) return change;
  const told = dangers.map(({ kind, says }) => {
    const flag = kind === "version" ? kind : `${kind}:${change.name}`;
    return { allow: flag, says, allowed: allowed.permits(kind, change.name) };
  });
  const weighed = { ...change, dangers: told };
  const open = told.filter((danger) => !danger.allowed);
  if (open.length === 0) return weighed;
  const reason = open.map(({ says, allow }) => `${says} To do it all the same: --allow ${allow}`).join("; ");
  return { ...weighed, kind: "refused", reason };
}
