import type { Fault, Damage } from "../fault.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Aim } from "../fault.ts";
import { aimAtReplica, replicaOf } from "./services.ts";

async function freeze(fleet: Fleet, aim: Aim): Promise<Damage> {
  const replica = replicaOf(fleet, aim);
  replica.freeze(true);
  return {
    says: `${replica.name} stands still`,
    async end() {
      replica.freeze(false);
      await replica.ready();
    },
  };
}

/** SIGSTOP of a replica, as a long pause of its machine. */
export const freezeReplica: Fault = {
  name: "freeze-replica",
  kind: "service",
  says: "SIGSTOP of a replica, SIGCONT at the end",
  seconds: [4, 9],
  aim: aimAtReplica,
  begin: freeze,
};

/** The same for longer than the ack wait: what it has in hand is delivered to another, and it does not know. */
export const freezeAcrossAckWait: Fault = {
  name: "freeze-across-ack-wait",
  kind: "service",
  says: "SIGSTOP of a replica for longer than the ack wait of 30 s: another takes what it has in hand",
  seconds: [32, 34],
  aim: aimAtReplica,
  begin: freeze,
};
