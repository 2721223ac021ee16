/** The versions of an event that nobody wrote: one made of another by the mappings between them, step by step. */
import type { EventDescriptor, MessageDescriptor } from "../descriptors.ts";
import { TandemError } from "../errors.ts";
import { UNREPRESENTABLE, type UnrepresentablePolicy } from "../evolution.ts";
import { oneLine } from "./one-line.ts";
import { wordsOf } from "../words-of.ts";

/** The hand-written parts of mappings, by the key under which a mapping asks for them. */
export type HandWrittenParts = Readonly<Record<string, unknown>>;

/** One step of a way: from a version to the one beside it. */
export interface VersionStep {
  readonly from: MessageDescriptor;
  readonly to: MessageDescriptor;
  /** What becomes of an event that `to` cannot say. */
  readonly policy: UnrepresentablePolicy;
  /** A payload of `from` as one of `to`, or UNREPRESENTABLE. */
  convert(payload: unknown): unknown;
}

/** What became of a payload at the end of a way. */
export type Derived =
  | { readonly kind: "payload"; readonly payload: object }
  | { readonly kind: "unrepresentable"; readonly at: VersionStep };

/** Nothing is lost by it; the generator asks for a word of its own wherever the way up may fail. */
const POLICY_UP: UnrepresentablePolicy = "dead-letter";
const POLICY_DOWN: UnrepresentablePolicy = "skip-and-count";
const LONGEST_WORDS = 300;

/**
 * The steps from one version of an event to another; none when they are the same.
 *
 * @throws `EVOLUTION_MISSING` when the mappings do not lead there
 */
export function stepsBetween(
  event: EventDescriptor,
  from: MessageDescriptor,
  to: MessageDescriptor,
  parts: HandWrittenParts,
): VersionStep[] {
  const steps: VersionStep[] = [];
  let at = from;
  while (at.version !== to.version) {
    const step = stepFrom(event, at, to.version > at.version, parts);
    if (step === undefined) {
      throw new TandemError(
        "EVOLUTION_MISSING",
        `Nothing says how ${at.type} becomes the version beside it, on the way from ${from.type} to ${to.type}: ` +
          "add x-evolves to the newer of the two and run `npm run codegen`.",
      );
    }
    steps.push(step);
    at = step.to;
  }
  return steps;
}

/**
 * Takes a payload along a way. Pure as far as the mappings are. What comes out is not validated yet.
 *
 * @throws `SHIM_FAILED` when a mapping throws or makes no object
 */
export function derive(payload: object, steps: readonly VersionStep[]): Derived {
  let current = payload;
  for (const step of steps) {
    const next = convert(step, current);
    if (next === UNREPRESENTABLE) return { kind: "unrepresentable", at: step };
    if (typeof next !== "object" || next === null || Array.isArray(next)) {
      throw shimFailed(step.from, step.to, `it made ${Array.isArray(next) ? "an array" : typeof next} and no object`);
    }
    current = next;
  }
  return { kind: "payload", payload: current };
}

/** The error of a mapping that does not do what it is there for. */
export function shimFailed(from: MessageDescriptor, to: MessageDescriptor, why: string, cause?: unknown): TandemError {
  const text = `The mapping from ${from.type} to ${to.type} failed: ${why}. Mend x-evolves, or the hand-written part.`;
  return new TandemError("SHIM_FAILED", text, { cause });
}

function stepFrom(
  { evolutions = [] }: EventDescriptor,
  at: MessageDescriptor,
  isUp: boolean,
  parts: HandWrittenParts,
): VersionStep | undefined {
  const evolution = evolutions.find(({ from, to }) => (isUp ? from : to).version === at.version);
  if (evolution === undefined) return undefined;
  const { from, to, unrepresentable } = evolution;
  const own = evolution.parts === undefined ? undefined : parts[evolution.parts];
  return isUp
    ? { from, to, policy: unrepresentable.up ?? POLICY_UP, convert: (payload) => evolution.up(payload, own) }
    : {
        from: to,
        to: from,
        policy: unrepresentable.down ?? POLICY_DOWN,
        convert: (payload) => evolution.down(payload, own),
      };
}

function convert(step: VersionStep, payload: object): unknown {
  try {
    return step.convert(payload);
  } catch (error) {
    const words = oneLine(wordsOf(error), LONGEST_WORDS);
    throw shimFailed(step.from, step.to, `it threw: ${words}`, error);
  }
}
