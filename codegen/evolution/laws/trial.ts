/** One payload on its way to the other version and back, and the laws that it shows to be broken. */
import { tokens } from "../../spec/pointer.ts";
import { differences, explains, type Difference } from "./difference.ts";
import type { LawSubject, Side } from "./subject.ts";

/** The laws, by the numbers that the design gives them. */
export const LAWS = {
  1: "the way up makes valid events",
  2: "the way down makes valid events, or says that there is none",
  3: "up and down again is where it began, but for declared losses",
  4: "down and up again is where it began, but for declared losses",
  5: "a second round trip changes nothing more",
  6: "versions further apart are reached one by one",
  7: "the key of the event is preserved",
  8: "the functions are deterministic, and leave their input alone",
  10: "what is declared as lost is what is lost",
} as const;

export type LawNumber = keyof typeof LAWS;

/** A law that one payload shows to be broken. */
export interface Breach {
  readonly law: LawNumber;
  readonly what: string;
  /** What the payload became on its way. */
  readonly trace: readonly (readonly [what: string, value: unknown])[];
}

/** What one payload shows. */
export interface Trial {
  readonly breaches: readonly Breach[];
  /** What it lost, declared or not. */
  readonly lost: readonly Difference[];
}

/** One direction of a mapping, named for what it reads. */
export interface Direction {
  readonly name: "up" | "down";
  readonly back: "up" | "down";
  readonly source: Side;
  readonly target: Side;
  readonly there: (payload: unknown) => unknown;
  readonly home: (payload: unknown) => unknown;
  readonly losses: readonly string[];
  readonly mayRefuse: boolean;
  readonly key: string;
  /** What the runtime adds to a payload of the target. */
  readonly stamp: Readonly<Record<string, unknown>>;
}

/** A payload as the runtime would send it. */
export function stamped(payload: unknown, stamp: Readonly<Record<string, unknown>>): unknown {
  return typeof payload === "object" && payload !== null ? { ...stamp, ...payload } : payload;
}

export function directionsOf(
  subject: LawSubject,
  stamps: { readonly from: Record<string, unknown>; readonly to: Record<string, unknown> },
): readonly Direction[] {
  const { from, to, up, down, lossy, key } = subject;
  return [
    {
      name: "up",
      back: "down",
      source: from,
      target: to,
      there: up,
      home: down,
      losses: lossy.up,
      mayRefuse: subject.mayRefuseUp,
      key,
      stamp: stamps.to,
    },
    {
      name: "down",
      back: "up",
      source: to,
      target: from,
      there: down,
      home: up,
      losses: lossy.down,
      mayRefuse: true,
      key,
      stamp: stamps.from,
    },
  ];
}

/** Sends a payload there, back, and there again. Never throws. */
export function tryLaws(payload: unknown, direction: Direction): Trial {
  const { name, back, source, target, there, home, losses, mayRefuse, key, stamp } = direction;
  const breaches: Breach[] = [];
  const trace: [string, unknown][] = [[source.name, payload]];
  const breach = (law: LawNumber, what: string): void => void breaches.push({ law, what, trace: [...trace] });
  const end = (lost: readonly Difference[] = []): Trial => ({ breaches, lost });

  const frozen = deepFreeze(structuredClone(payload));
  const first = attempt(() => there(frozen));
  if ("thrown" in first) {
    breach(
      /read only|not extensible|frozen/.test(first.thrown) ? 8 : name === "up" ? 1 : 2,
      `${name} threw: ${first.thrown}`,
    );
    return end();
  }
  const made = first.value;
  trace.push([name, made]);
  const again = attempt(() => there(frozen));
  if (!("value" in again) || differences(made, again.value).length > 0)
    breach(8, `${name} answers differently the second time`);
  if (isRefusal(made)) {
    if (!mayRefuse) breach(1, "up refuses an event, and unrepresentable does not say what happens to it");
    return end();
  }
  if (!target.validate(stamped(made, stamp)))
    breach(name === "up" ? 1 : 2, `${name} makes an event that ${target.name} refuses`);
  if (differences(at(payload, key), at(made, key)).length > 0) breach(7, `${name} changes the key ${key}`);

  const second = attempt(() => home(deepFreeze(structuredClone(made))));
  if ("thrown" in second || isRefusal(second.value)) {
    breach(
      name === "up" ? 3 : 4,
      "thrown" in second ? `${back} threw: ${second.thrown}` : `${back} refuses what ${name} made`,
    );
    return end();
  }
  trace.push([back, second.value]);
  const lost = differences(payload, second.value);
  for (const { path, before, after } of lost) {
    if (losses.some((declared) => explains(declared, path))) continue;
    breach(name === "up" ? 3 : 4, `${path} was ${shown(before)} and comes back as ${shown(after)}`);
  }
  const third = attempt(() => there(deepFreeze(structuredClone(second.value))));
  trace.push([name, "value" in third ? third.value : third.thrown]);
  const [moved] = "value" in third ? differences(made, third.value) : [{ path: "", before: made, after: third.thrown }];
  if (moved !== undefined)
    breach(5, `${moved.path || "the event"} was ${shown(moved.before)} and the second time ${shown(moved.after)}`);
  return end(lost);
}

function attempt(run: () => unknown): { readonly value: unknown } | { readonly thrown: string } {
  try {
    return { value: run() };
  } catch (error) {
    return { thrown: error instanceof Error ? error.message : String(error) };
  }
}

/** The runtime's UNREPRESENTABLE is the only symbol that a mapping answers with. */
function isRefusal(value: unknown): boolean {
  return typeof value === "symbol";
}

function at(value: unknown, pointer: string): unknown {
  let found = value;
  for (const token of tokens(pointer)) {
    found =
      typeof found === "object" && found !== null ? Object.getOwnPropertyDescriptor(found, token)?.value : undefined;
  }
  return found;
}

function deepFreeze(value: unknown): unknown {
  if (typeof value === "object" && value !== null)
    for (const member of Object.values(Object.freeze(value))) deepFreeze(member);
  return value;
}

function shown(value: unknown): string {
  return value === undefined ? "absent" : typeof value === "symbol" ? "unrepresentable" : JSON.stringify(value);
}
