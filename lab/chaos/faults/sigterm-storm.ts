import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "../fault.ts";

const BETWEEN_MS = 1_500;

/** SIGTERM of everything at once, and again before it is back. A second SIGTERM ends a process at once. */
export const sigtermStorm: Fault = {
  name: "sigterm-storm",
  kind: "service",
  says: "SIGTERM of all replicas at once, again and again",
  seconds: [4, 6],
  aim: (random) => ({ times: random.between(2, 4) }),
  async begin({ replicas }, aim) {
    const storm = (async () => {
      for (let time = 0; time < Number(aim["times"]); time += 1) {
        if (time > 0) await delay(BETWEEN_MS);
        for (const replica of replicas) {
          replica.excuse();
          replica.signal("SIGTERM");
        }
      }
    })();
    return {
      says: "everything is told to stop",
      async end() {
        await storm;
        await Promise.all(replicas.map(async (replica) => replica.ready()));
      },
    };
  },
};
