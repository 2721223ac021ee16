/** How the gateway is told to misbehave: a list of rules, the first that matches a call decides. */
import type { DeclineReason } from "./ledger.ts";

/** The calls that a rule can apply to. */
export const OPERATIONS = ["charge", "find", "refund"] as const;
export type Operation = (typeof OPERATIONS)[number];

/**
 * What a rule does to a call:
 * - `decline`: the card says no (`reason`, default `declined`); only for charges
 * - `hang`: never answers and does nothing
 * - `error`: answers `status` (default 500) and does nothing
 * - `lie`: does what was asked, then never answers, or answers `status` as if it had not
 * - `slow`: waits `delayMs`, then does what was asked, even when the caller has gone
 */
export const MODES = ["decline", "hang", "error", "lie", "slow"] as const;
type Mode = (typeof MODES)[number];

/** One rule. What it leaves out matches every call. */
export interface Rule {
  readonly mode: Mode;
  /** Default: `charge` for `decline`, `charge` and `refund` for `lie`, every operation otherwise. */
  readonly operations?: readonly Operation[];
  /** Only calls with this idempotency key. */
  readonly key?: string;
  /** Only charges of this amount, in minor units. */
  readonly amount?: number;
  /** Applies to this many calls, then no more; without it, for ever. */
  readonly times?: number;
  /** Milliseconds, for `slow`. Default 1000. */
  readonly delayMs?: number;
  /** The HTTP status of `error`, default 500, and of `lie`, default no answer. */
  readonly status?: number;
  readonly reason?: DeclineReason;
}

/** One call as rules see it. */
export interface Call {
  readonly operation: Operation;
  readonly key: string;
  readonly amount?: number;
}

/** The rules in force, with how often each may still apply. */
export class Behaviour {
  #rules: { rule: Rule; left: number }[] = [];

  get rules(): readonly Rule[] {
    return this.#rules.filter(({ left }) => left > 0).map(({ rule }) => rule);
  }

  replace(rules: readonly Rule[]): void {
    this.#rules = rules.map((rule) => ({ rule, left: rule.times ?? Infinity }));
  }

  /** The rule for this call, which thereby has one application fewer; undefined when the call is to go well. */
  take(call: Call): Rule | undefined {
    const found = this.#rules.find(({ rule, left }) => left > 0 && matches(rule, call));
    if (!found) return undefined;
    found.left -= 1;
    return found.rule;
  }
}

function matches(rule: Rule, call: Call): boolean {
  return (
    operationsOf(rule).includes(call.operation) &&
    (rule.key === undefined || rule.key === call.key) &&
    (rule.amount === undefined || rule.amount === call.amount)
  );
}

function operationsOf(rule: Rule): readonly Operation[] {
  if (rule.operations) return rule.operations;
  if (rule.mode === "decline") return ["charge"];
  return rule.mode === "lie" ? ["charge", "refund"] : OPERATIONS;
}
