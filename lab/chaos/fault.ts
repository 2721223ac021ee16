/** What can go wrong on purpose: each fault is one file in `faults/`. */
import type { Fleet } from "./fleet/fleet.ts";
import type { Random } from "./random.ts";

/** What a fault is done to, as far as the seed decides it: names and numbers that are printed. */
export type Aim = Readonly<Record<string, string | number>>;

/** What was broken. */
export interface Damage {
  /** What happened, in words, for the timeline. */
  readonly says: string;
  /** Mends it; resolves with words for the timeline, if there are any. */
  end(): Promise<string | void>;
}

/** Two faults of one kind are never done at once. */
export type FaultKind = "service" | "nats" | "postgres" | "gateway" | "link" | "messages" | "operator";

export interface Fault {
  readonly name: string;
  readonly kind: FaultKind;
  /** What it does, for `--list`. */
  readonly says: string;
  /** How long it lasts, seconds, from and to. */
  readonly seconds: readonly [number, number];
  /** What this process must be to do it. Default nothing special. */
  readonly needs?: "root";
  /** Draws what it is done to. Only the numbers decide: nothing is looked at. */
  aim(random: Random): Aim;
  /** Does it. What `end` of the answer does must work whatever happened meanwhile. */
  begin(fleet: Fleet, aim: Aim): Promise<Damage>;
}
