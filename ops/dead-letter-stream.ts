/** Which stream of a topology holds the dead letters. */
import type { TopologyStream } from "./topology.ts";

/** Whether a stream holds dead letters: the contract gives every one of them the subject `dead.<service>.<channel>.v<n>`. */
export function holdsDeadLetters({ subjects }: Pick<TopologyStream, "subjects">): boolean {
  return subjects.every((subject) => subject.startsWith("dead."));
}
