/** Does what a schedule says, at its times. */
import { setTimeout as delay } from "node:timers/promises";
import type { Damage, Fault } from "./fault.ts";
import type { Fleet } from "./fleet/fleet.ts";
import { aimText, type Planned, type Schedule } from "./schedule.ts";
import type { Timeline } from "./timeline.ts";
import { reasonOf } from "../servers/lab-error.ts";

/** What came of the faults of a schedule. */
export interface Performed {
  /** How often each fault was done. */
  readonly done: Readonly<Record<string, number>>;
  /** Those that could not be done or mended, in sentences. */
  readonly failures: readonly string[];
}

/** What mending may take before it is given up, milliseconds. */
const MEND_LIMIT_MS = 180_000;

/** Resolves when everything was done and is mended, or when the signal aborts and everything is mended. */
export async function perform(
  fleet: Fleet,
  faults: readonly Fault[],
  { planned }: Schedule,
  timeline: Timeline,
  signal: AbortSignal,
): Promise<Performed> {
  const done: Record<string, number> = {};
  const failures: string[] = [];
  const zero = Date.now();
  const until = async (at: number): Promise<void> => {
    await delay(Math.max(0, zero + at - Date.now()), undefined, { signal }).catch(() => undefined);
  };

  async function perform(plan: Planned): Promise<void> {
    const fault = faults.find(({ name }) => name === plan.fault);
    await until(plan.at);
    if (fault === undefined || signal.aborted) return;
    const words = `${plan.fault}${aimText(plan.aim) === "" ? "" : ` (${aimText(plan.aim)})`}`;
    let damage: Damage;
    try {
      damage = await fault.begin(fleet, plan.aim);
    } catch (error) {
      failures.push(`${words} could not be done: ${reasonOf(error)}`);
      return timeline.say(`✗ ${failures.at(-1)}`);
    }
    done[plan.fault] = (done[plan.fault] ?? 0) + 1;
    timeline.say(`▼ ${words}: ${damage.says}`);
    // From now: a machine that took long to break it must not find it mended at once.
    await until(Date.now() - zero + plan.forMs);
    try {
      const said = await within(damage.end());
      timeline.say(`▲ ${plan.fault} is over${typeof said === "string" ? `: ${said}` : ""}`);
    } catch (error) {
      failures.push(`${words} could not be mended: ${reasonOf(error)}`);
      timeline.say(`✗ ${failures.at(-1)}`);
    }
  }

  await Promise.all(planned.map(async (plan) => perform(plan)));
  return { done, failures };
}

async function within<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`not within ${MEND_LIMIT_MS / 1_000} s`)), MEND_LIMIT_MS);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
