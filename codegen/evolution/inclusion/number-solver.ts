import { satisfies } from "./accepts.ts";
import type { Branch } from "./branch.ts";
import {
  fractionOf,
  isBinary,
  isMultiple,
  leastCommonMultiple,
  numberAt,
  quotient,
  type Fraction,
} from "./fraction.ts";
import { found, NO_VALUE, unsure, type Outcome } from "./outcome.ts";

interface Limit {
  readonly at: number;
  readonly open: boolean;
}

/** Up to this many multiples in a range are tried one by one, and settle the question. */
const SETTLING = 1_000;
/** How many multiples are tried in a range that has more; those that are listed one by one come on top. */
const TRIED = 64;
const DOUBT = unsure("numbers in this range may exist that binary floating point cannot show");

/** A number that satisfies the atoms of a branch. Source: JSON Schema Validation 2020-12, section 6.2. */
export function solveNumber(branch: Branch): Outcome {
  const [low, high] = [lowest(branch), highest(branch)];
  if (low.at > high.at || (low.at === high.at && (low.open || high.open))) return NO_VALUE;
  const step = stepOf(branch);
  const tried = step === undefined ? dense(low, high, branch) : stepped(step, low, high, branch);
  let isFinal = step !== undefined && countIn(step, low, high) <= SETTLING;
  if (low.at === high.at) isFinal = true;
  const claims = branch.literals;
  for (const value of tried) {
    if (!Number.isFinite(value)) continue;
    const fits = satisfies(claims, value);
    if (fits === true) return found(value);
    if (fits === undefined) isFinal = false;
  }
  if (isFinal) return NO_VALUE;
  return step !== undefined && isCovered(step, branch) ? NO_VALUE : DOUBT;
}

function lowest({ holding, failing }: Branch): Limit {
  let low: Limit = { at: -Infinity, open: false };
  const raise = (limit: Limit): void => {
    if (limit.at > low.at || (limit.at === low.at && limit.open)) low = limit;
  };
  for (const atom of holding) if (atom.op === "from") raise({ at: atom.limit, open: atom.open });
  for (const atom of failing) if (atom.op === "upTo") raise({ at: atom.limit, open: !atom.open });
  return low;
}

function highest({ holding, failing }: Branch): Limit {
  let high: Limit = { at: Infinity, open: false };
  const lower = (limit: Limit): void => {
    if (limit.at < high.at || (limit.at === high.at && limit.open)) high = limit;
  };
  for (const atom of holding) if (atom.op === "upTo") lower({ at: atom.limit, open: atom.open });
  for (const atom of failing) if (atom.op === "from") lower({ at: atom.limit, open: !atom.open });
  return high;
}

function stepOf({ holding }: Branch): Fraction | undefined {
  let step: Fraction | undefined;
  for (const atom of holding) {
    if (atom.op !== "multiple") continue;
    const of = fractionOf(atom.of);
    step = step === undefined ? of : leastCommonMultiple(step, of);
  }
  return step;
}

/** Whether every multiple of the step is one that a failing `multipleOf` rules out, whatever arithmetic is used. */
function isCovered(step: Fraction, { failing }: Branch): boolean {
  return failing.some((atom) => atom.op === "multiple" && isBinary(atom.of) && isMultiple(step, fractionOf(atom.of)));
}

function countIn(step: Fraction, low: Limit, high: Limit): number {
  if (low.at === -Infinity || high.at === Infinity) return Infinity;
  return Number(quotient(fractionOf(high.at), step).down - quotient(fractionOf(low.at), step).up) + 1;
}

/** Multiples of the step from the finite end of the range inwards, or from zero outwards. */
function* stepped(step: Fraction, low: Limit, high: Limit, branch: Branch): Generator<number> {
  const first = low.at === -Infinity ? undefined : quotient(fractionOf(low.at), step).up;
  const last = high.at === Infinity ? undefined : quotient(fractionOf(high.at), step).down;
  const isSettling = countIn(step, low, high) <= SETTLING;
  const count = BigInt(isSettling ? SETTLING : TRIED + branch.listed.length);
  for (let at = 0n; at < count; at++) {
    if (first !== undefined) {
      if (last !== undefined && first + at > last) return;
      yield numberAt(first + at, step);
    } else if (last !== undefined) yield numberAt(last - at, step);
    else yield numberAt(at % 2n === 0n ? at / 2n : -(at + 1n) / 2n, step);
  }
}

/** Numbers of a range without steps, the plain ones first: what is ruled out are single values and multiples. */
function* dense(low: Limit, high: Limit, branch: Branch): Generator<number> {
  const from = Number.isFinite(low.at)
    ? low.at
    : Number.isFinite(high.at)
      ? high.at - 2 * Math.max(1, Math.abs(high.at))
      : -1_000;
  const to = Number.isFinite(high.at) ? high.at : from + 2 * Math.max(1_000, Math.abs(from));
  yield* [0, 1, -1, 0.5, from, to, Math.ceil(from), Math.floor(to), from + 1, to - 1, from + 0.5, to - 0.5];
  yield* [from + (to - from) / 2, next(from, 1), next(to, -1)];
  const parts = TRIED + 2 * (branch.failing.length + branch.listed.length);
  for (let at = 1; at < parts; at++) yield from + ((to - from) * at) / parts;
}

/** The double beside a double, up or down. */
function next(value: number, direction: 1 | -1): number {
  if (value === 0) return direction * Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 === direction > 0 ? 1n : -1n));
  return view.getFloat64(0);
}
