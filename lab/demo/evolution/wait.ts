/** Waits for what the demo has to see before it goes on. */
import { setTimeout as delay } from "node:timers/promises";
import type { Reader } from "./reader.ts";

/** After each step so many facts have to come before the next one. */
export const FACTS_BETWEEN = 15;

/** How long the demo waits for something to happen, milliseconds. */
const LIMIT_MS = 30_000;
const POLL_MS = 20;

/** Waits until a reader was told as many further facts as lie between two steps. @throws when they do not come */
export async function more(reader: Reader): Promise<void> {
  const wanted = reader.facts.size + FACTS_BETWEEN;
  await until(
    () => reader.facts.size >= wanted,
    () => `The reader of ${reader.version} was told ${reader.facts.size} facts and not ${wanted}`,
  );
}

/**
 * Waits until a condition holds.
 *
 * @param found Says how far it is, without a full stop, when it does not hold in time
 * @throws what `found` says
 */
export async function until(condition: () => Promise<boolean> | boolean, found: () => string): Promise<void> {
  const deadline = Date.now() + LIMIT_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${found()}, after ${LIMIT_MS / 1_000} s.`);
    await delay(POLL_MS);
  }
}
