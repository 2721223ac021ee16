/**
 * The keeper as a process (see `keeper.ts`): when the channel to the run closes without a word, the run was killed.
 * What it had frozen cannot end by itself, and its servers have nobody.
 */
import { sweepOrphans } from "../../servers/orphans.ts";
import { signalQuietly, startOf } from "../../servers/processes.ts";

/** By process id, with when it began: an id may be another's later. */
const kept = new Map<number, Promise<string | undefined>>();

process.on("message", (word: unknown) => {
  if (typeof word !== "object" || word === null || !("process" in word) || typeof word.process !== "number") return;
  kept.set(word.process, startOf(word.process));
});
// A terminal's Ctrl-C is the run's affair, which dismisses this process with SIGTERM when it has done its work.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => process.exit(0));
process.once("disconnect", () => void endAll());

async function endAll(): Promise<void> {
  for (const [pid, began] of kept) {
    const then = await began;
    if (then === undefined || (await startOf(pid)) !== then) continue;
    signalQuietly(pid, "SIGKILL");
  }
  // Servers and their directories: their owner is dead now.
  await sweepOrphans();
  process.exit(0);
}
