/**
 * Places where a test kills the process. Written as a labelled statement, `FAILPOINT: failpoint("…");`, which
 * packing leaves out: what is shipped has none.
 */

/**
 * Every place that has a name.
 *
 * - `after-commit-before-publish`: a change is committed, its events are in the outbox, and no relay was told
 * - `after-puback-before-mark`: the broker has the events, and the outbox does not know yet
 * - `after-effect-before-ack`: the effect of an event is committed, and the broker does not know yet
 * - `after-dead-letter-before-term`: the dead letter is stored, and its original is not terminated yet
 * - `after-letter-before-advisory-ack`: the steward stored a dead letter, and the advisory that asked for it is not
 *   acknowledged yet
 * - `after-mend-before-record`: the reconciler published a lost event again, and its row does not know yet
 * - `after-park-before-ack`: an event that is out of its key's order is kept, and the broker does not know yet
 * - `after-applied-before-release`: an event is applied, and what waited behind it is not released yet
 * - `after-charge-before-commit`: the gateway took the money, and nothing of it is committed yet
 */
export type Failpoint =
  | "after-commit-before-publish"
  | "after-puback-before-mark"
  | "after-effect-before-ack"
  | "after-dead-letter-before-term"
  | "after-letter-before-advisory-ack"
  | "after-mend-before-record"
  | "after-park-before-ack"
  | "after-applied-before-release"
  | "after-charge-before-commit";

/** The variable that arms one: its name, and `:3` for the third time that the process comes by. */
const VARIABLE = "TANDEM_FAILPOINT";

const passed = new Map<Failpoint, number>();

/** Kills the process as `kill -9` does, if this is the place and the time that `TANDEM_FAILPOINT` names. */
export function failpoint(name: Failpoint): void {
  const [armed, time = "1"] = (process.env[VARIABLE] ?? "").split(":");
  if (armed !== name) return;
  const times = (passed.get(name) ?? 0) + 1;
  passed.set(name, times);
  if (times < Number(time)) return;
  process.kill(process.pid, "SIGKILL");
  // The signal is on its way: nothing more may happen here.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
