import type { Fault } from "../fault.ts";
import { aimAtReplica, replicaOf } from "./services.ts";

/** The clock of one replica jumps, forwards or back: orders seem overdue that are not, or the other way round. */
export const clockJump: Fault = {
  name: "clock-jump",
  kind: "service",
  says: "the time of day of one replica jumps by up to 45 s, forwards or back",
  seconds: [5, 9],
  aim: (random) => ({ ...aimAtReplica(random), seconds: random.pick([-45, -20, 20, 45]) }),
  async begin(fleet, aim) {
    const replica = replicaOf(fleet, aim);
    replica.setClock(Number(aim["seconds"]) * 1_000);
    return {
      says: `the clock of ${replica.name} is ${aim["seconds"]} s off`,
      async end() {
        replica.setClock(0);
        await replica.ready();
      },
    };
  },
};
