/** Whom a fault of a service is done to. */
import type { Aim } from "../fault.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { Replica } from "../fleet/replica.ts";
import type { Random } from "../random.ts";

/** The services that a fault can choose from, as the contract names them. */
export const SERVICES = ["inventory", "order", "payment"] as const;

/** Draws one replica. */
export function aimAtReplica(random: Random): Aim {
  return { service: random.pick(SERVICES), replica: random.between(1, 2) };
}

/** The replica that was drawn. */
export function replicaOf(fleet: Fleet, { service, replica }: Aim): Replica {
  return fleet.replica(String(service), Number(replica));
}
