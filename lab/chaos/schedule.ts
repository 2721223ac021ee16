/** When what goes wrong: drawn from a seed before anything is started, so that a seed can be run again. */
import type { Aim, Fault } from "./fault.ts";
import { createRandom, type Random } from "./random.ts";

/** One fault at its time. Milliseconds from the first order on. */
export interface Planned {
  readonly at: number;
  readonly forMs: number;
  readonly fault: string;
  readonly aim: Aim;
}

export interface Schedule {
  readonly seed: number;
  /** How long orders are sent, milliseconds. */
  readonly lastsMs: number;
  /** The beginning, in which nothing goes wrong: what this machine does undisturbed. Milliseconds. */
  readonly quietMs: number;
  readonly planned: readonly Planned[];
}

const FIRST_QUIET_MS = 15_000;
/** Between the end of a fault and the next one. */
const QUIET_MS = [6_000, 9_000] as const;
/** What is left without faults before the orders end. */
const LAST_QUIET_MS = 8_000;
/** How often a second fault comes while the first one lasts. */
const COMPANY = 0.35;

/** Draws a schedule. Every fault has its turn before one comes again. */
export function drawSchedule(seed: number, minutes: number, faults: readonly Fault[]): Schedule {
  const random = createRandom(seed);
  const lastsMs = Math.round(minutes * 60_000);
  const quietMs = Math.min(FIRST_QUIET_MS, Math.round(lastsMs / 4));
  const turns = takeTurns(faults, random.fork("turns"));
  const planned: Planned[] = [];
  const plan = (fault: Fault, at: number): number => {
    const [least, most] = fault.seconds;
    const own = random.fork(`${fault.name} ${planned.length}`);
    const forMs = own.between(least * 1_000, most * 1_000);
    planned.push({ at, forMs, fault: fault.name, aim: fault.aim(own) });
    return at + forMs;
  };
  for (let at = quietMs; ;) {
    const first = turns.next();
    const startsAlso = random.chance(COMPANY);
    const later = random.between(500, 3_000);
    const pause = random.between(...QUIET_MS);
    if (first === undefined || at + first.seconds[1] * 1_000 + LAST_QUIET_MS > lastsMs) break;
    let end = plan(first, at);
    const second = startsAlso ? turns.next(({ kind }) => kind !== first.kind) : undefined;
    if (second !== undefined && at + later + second.seconds[1] * 1_000 + LAST_QUIET_MS <= lastsMs) {
      end = Math.max(end, plan(second, at + later));
    }
    at = end + pause;
  }
  return { seed, lastsMs, quietMs, planned };
}

/** Deals faults as cards are dealt: shuffled, and shuffled again when all were dealt. */
function takeTurns(faults: readonly Fault[], random: Random) {
  let cards: Fault[] = [];
  return {
    /** The next one that suits; undefined when none of those that are left does. */
    next(suits: (fault: Fault) => boolean = () => true): Fault | undefined {
      if (cards.length === 0) cards = random.shuffle(faults);
      const place = cards.findIndex(suits);
      return place < 0 ? undefined : cards.splice(place, 1)[0];
    },
  };
}

/** A line for each fault. */
export function scheduleLines({ planned }: Schedule): readonly string[] {
  return planned.map(({ at, forMs, fault, aim }) =>
    `  ${seconds(at)}  for ${seconds(forMs)}  ${fault.padEnd(24)} ${aimText(aim)}`.trimEnd(),
  );
}

export function aimText(aim: Aim): string {
  return Object.entries(aim)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1).padStart(6)} s`;
}
