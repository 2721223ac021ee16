/** Tries the laws on boundary values of both schemas, on random ones, and on what was recorded. */
import fc from "fast-check";
import { arbitraryOf } from "./arbitrary.ts";
import { boundariesOf } from "./boundaries.ts";
import { differences, explains } from "./difference.ts";
import { shrink } from "./shrink.ts";
import type { Golden, LawSubject, Side } from "./subject.ts";
import { directionsOf, LAWS, stamped, tryLaws, type Breach, type Direction, type LawNumber } from "./trial.ts";

export interface LawOptions {
  /** Random payloads of each version. Default: 1,000. */
  readonly runs?: number;
  /** The same seed makes the same payloads. Default: 1. */
  readonly seed?: number;
}

/** A law that does not hold. */
export interface Violation {
  readonly law: LawNumber;
  /** `warning`: a loss is declared that was not seen. */
  readonly severity: "error" | "warning";
  /** The smallest payload that shows it; undefined for a warning. */
  readonly payload: unknown;
  /** What to print: the law, what happened, and the payload on its way. */
  readonly text: string;
}

/** Every law that does not hold, the smallest payload that shows it each. Empty when all do. */
export function checkLaws(subject: LawSubject, { runs = 1_000, seed = 1 }: LawOptions = {}): readonly Violation[] {
  const bodies = {
    from: bodiesOf(subject.from, subject, { runs, seed }),
    to: bodiesOf(subject.to, subject, { runs, seed }),
  };
  const empty = (["from", "to"] as const).filter((side) => bodies[side].length === 0);
  if (empty.length > 0) return empty.map((side) => noPayload(subject[side]));
  const stamps = { from: stampOf(bodies.from[0]), to: stampOf(bodies.to[0]) };
  const [up, down] = directionsOf(subject, stamps);
  if (up === undefined || down === undefined) throw new Error("a mapping has two directions");
  return [
    ...violationsOf(bodies.from, up, stamps.from),
    ...violationsOf(bodies.to, down, stamps.to),
    ...(subject.golden ?? []).flatMap((golden) => goldenViolations(golden, subject, [up, down])),
  ];
}

/** Valid bodies of a version: recorded ones, boundaries, random ones. */
export function bodiesOf(
  { name, schema, validate }: Side,
  { definitions, golden = [] }: LawSubject,
  { runs, seed }: Required<LawOptions>,
): readonly unknown[] {
  const recorded = golden.filter(({ message }) => message === name).map(({ body }) => body);
  const random = fc.sample(arbitraryOf(schema, definitions), { numRuns: runs, seed });
  return [...recorded, ...boundariesOf(schema, definitions), ...random].filter((body) => validate(body));
}

function violationsOf(
  bodies: readonly unknown[],
  direction: Direction,
  sourceStamp: Readonly<Record<string, unknown>>,
): Violation[] {
  const first = new Map<string, { readonly payload: unknown; readonly breach: Breach }>();
  const seen = new Set<string>();
  for (const body of bodies) {
    const payload = payloadOf(body);
    const { breaches, lost } = tryLaws(payload, direction);
    for (const breach of breaches) {
      const identity = identityOf(breach);
      if (!first.has(identity)) first.set(identity, { payload, breach });
    }
    for (const declared of direction.losses) if (lost.some(({ path }) => explains(declared, path))) seen.add(declared);
  }
  const broken = [...first].map(([identity, { payload, breach }]) => {
    const again = (candidate: unknown) =>
      direction.source.validate(stamped(candidate, sourceStamp)) &&
      tryLaws(candidate, direction).breaches.find((other) => identityOf(other) === identity);
    const smallest = shrink(payload, (candidate) => Boolean(again(candidate)));
    return violation(again(smallest) || breach, smallest);
  });
  const stale = direction.losses.filter((declared) => !seen.has(declared));
  return [...broken, ...stale.map((declared) => staleLoss(declared, direction, bodies.length))];
}

/** The same law at the same place is the same breach, whatever the values. */
function identityOf({ law, what }: Breach): string {
  return `${law} ${/^(?:\/\S*|\w+ \w+)/.exec(what)?.[0] ?? ""}`;
}

function violation({ law, what, trace }: Breach, payload: unknown): Violation {
  const width = Math.max(...trace.map(([name]) => name.length));
  const lines = trace.map(
    ([name, value]) =>
      `  ${`${name}:`.padEnd(width + 1)} ${typeof value === "symbol" ? "unrepresentable" : JSON.stringify(value)}`,
  );
  return { law, severity: "error", payload, text: [`law ${law}, ${LAWS[law]}: ${what}`, ...lines].join("\n") };
}

function staleLoss(declared: string, { name, source }: Direction, tried: number): Violation {
  const what = `lossy.${name} declares ${declared}, and none of ${tried} events of ${source.name} lost it: remove it, or look at the steps`;
  return { law: 10, severity: "warning", payload: undefined, text: `law 10, ${LAWS[10]}: ${what}` };
}

function noPayload({ name }: Side): Violation {
  const text = `law 1, ${LAWS[1]}: no valid event of ${name} could be made from its schema: record one under evolutions/golden/${name}.json`;
  return { law: 1, severity: "error", payload: undefined, text };
}

/** A recorded body must still be valid, and become what was recorded. */
function goldenViolations(
  { message, name, body, becomes }: Golden,
  subject: LawSubject,
  directions: readonly Direction[],
): Violation[] {
  const direction = directions.find(({ source }) => source.name === message);
  if (direction === undefined) return [];
  const found = (law: LawNumber, what: string, trace: Breach["trace"]) =>
    violation({ law, what: `${name}: ${what}`, trace }, body);
  if (!direction.source.validate(body))
    return [found(1, `${message} no longer accepts what was recorded`, [[message, body]])];
  const expected = becomes[direction.target.name];
  if (expected === undefined) return [];
  const made = direction.there(payloadOf(body));
  const [difference] = differences(payloadOf(expected), typeof made === "symbol" ? undefined : made);
  if (difference === undefined) return [];
  return [
    found(
      direction.name === "up" ? 1 : 2,
      `it does not become what was recorded, at ${difference.path || "/"} of ${subject.name}`,
      [
        [message, body],
        ["recorded", expected],
        [direction.name, made],
      ],
    ),
  ];
}

/** The body without what the runtime stamps. */
export function payloadOf(body: unknown): unknown {
  if (typeof body !== "object" || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== "version" && name !== "meta"));
}

function stampOf(body: unknown): Record<string, unknown> {
  return typeof body === "object" && body !== null
    ? Object.fromEntries(Object.entries(body).filter(([name]) => name === "version" || name === "meta"))
    : {};
}
