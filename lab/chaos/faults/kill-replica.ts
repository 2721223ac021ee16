import type { Fault } from "../fault.ts";
import { aimAtReplica, replicaOf } from "./services.ts";

/** SIGKILL of a replica in the middle of whatever it does, and once more when it is back. */
export const killReplica: Fault = {
  name: "kill-replica",
  kind: "service",
  says: "SIGKILL of a replica, and once more when it is ready again",
  seconds: [4, 7],
  aim: aimAtReplica,
  async begin(fleet, aim) {
    const replica = replicaOf(fleet, aim);
    await replica.kill();
    const again = replica.ready().then(() => replica.kill());
    return {
      says: `${replica.name} was killed`,
      async end() {
        await again;
        await replica.ready();
        return `${replica.name} is in its life ${replica.lives}`;
      },
    };
  },
};
