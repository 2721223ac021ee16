/** One run with its folder: whatever becomes of it, nothing that it started is left. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "./fault.ts";
import type { Result } from "./result.ts";
import { runChaos } from "./run-chaos.ts";
import { type Schedule, scheduleLines } from "./schedule.ts";
import { openTimeline } from "./timeline.ts";

export interface SeedOptions {
  readonly schedule: Schedule;
  readonly faults: readonly Fault[];
  /** Orders for each second. */
  readonly rate: number;
  /** Where artifacts go. */
  readonly directory: string;
  readonly print: (text: string) => void;
  /** Ends the run early. */
  readonly signal: AbortSignal;
}

/** How long a run that is told to end may mend what is broken just now, milliseconds. */
const MEND_MS = 10_000;

/**
 * Runs a schedule. Undefined when it was ended early.
 *
 * @throws what kept the run from being done
 */
export async function runSeed({
  schedule,
  directory,
  print,
  signal,
  ...rest
}: SeedOptions): Promise<Result | undefined> {
  await mkdir(directory, { recursive: true });
  print(`artifacts in ${directory}\n`);
  const timeline = openTimeline(join(directory, "timeline.txt"), print);
  for (const line of scheduleLines(schedule)) timeline.note(line);
  const stops: (() => Promise<unknown>)[] = [];
  const onStarted = (stop: () => Promise<unknown>): void => void stops.push(stop);
  const finished = new AbortController();
  try {
    const running = runChaos({ ...rest, schedule, directory, timeline, signal, onStarted });
    // Told to end, it mends what is broken just now, and what else it waits for need not be waited for.
    return await Promise.race([running, endedEarly(signal, finished.signal)]);
  } catch (error) {
    if (!signal.aborted) throw error;
    return undefined;
  } finally {
    finished.abort();
    // What was started last stands on what was started before.
    for (const stop of stops.toReversed()) {
      await stop().catch((error: unknown) => print(`✗ ${error instanceof Error ? error.message : error}`));
    }
  }
}

/** Resolves a moment after the signal aborted; never, once the other one did. */
async function endedEarly(signal: AbortSignal, finished: AbortSignal): Promise<undefined> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true, signal: finished });
  });
  await delay(MEND_MS);
}
