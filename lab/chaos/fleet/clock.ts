/**
 * Preloaded into every service of a fleet: a clock that jumps. On SIGUSR2 it reads by how many milliseconds from the
 * file that `TANDEM_CHAOS_CLOCK` names; what the process sees as the time of day is off by so much from then on. What
 * measures durations goes on as before, as it does when a machine's clock is set.
 */
import { readFileSync } from "node:fs";

const file = process.env["TANDEM_CHAOS_CLOCK"];
const Real = Date;
let offMs = 0;

class JumpingDate extends Real {
  constructor(...parts: readonly unknown[]) {
    if (parts.length === 0) super(Real.now() + offMs);
    // Every other way to make a date has nothing to do with now.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    else super(...(parts as [number]));
  }

  static override now(): number {
    return Real.now() + offMs;
  }
}

if (file !== undefined) {
  // Called without `new`, a date is a text.
  const called = new Proxy(JumpingDate, { apply: () => new JumpingDate().toString() });
  Object.defineProperty(globalThis, "Date", { value: called, configurable: true, writable: true });
  process.on("SIGUSR2", () => {
    offMs = Number(readFileSync(file, "utf8"));
  });
}
