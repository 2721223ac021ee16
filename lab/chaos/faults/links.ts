import type { Fault } from "../fault.ts";
import type { End } from "../fleet/links.ts";
import type { LinkState } from "../fleet/tcp-proxy.ts";
import type { Random } from "../random.ts";
import { aimAtReplica, replicaOf } from "./services.ts";

function aimAtLink(random: Random) {
  const aim = aimAtReplica(random);
  const ends: readonly End[] = aim["service"] === "payment" ? ["nats", "postgres", "gateway"] : ["nats", "postgres"];
  return { ...aim, to: random.pick(ends) };
}

/** A fault that sets the link of a replica to one of its servers. */
function linkFault(name: string, says: string, seconds: Fault["seconds"], state: LinkState): Fault {
  return {
    ...{ name, kind: "link", says, seconds },
    aim: aimAtLink,
    async begin(fleet, aim) {
      const replica = replicaOf(fleet, aim);
      const end = endOf(aim["to"]);
      replica.link(end, state);
      return {
        says: `the link of ${replica.name} to ${end} is ${state.kind}`,
        async end() {
          replica.link(end, { kind: "open" });
          await replica.ready();
        },
      };
    },
  };
}

function endOf(word: string | number | undefined): End {
  return word === "nats" || word === "gateway" ? word : "postgres";
}

/** Connections are reset, and none can be made. */
export const cutLink = linkFault(
  "cut-link",
  "the TCP link of a replica to NATS, PostgreSQL or the gateway is reset, and refused",
  [4, 9],
  { kind: "cut" },
);

/** Connections stay, and nothing passes in either direction. */
export const freezeLink = linkFault(
  "freeze-link",
  "the TCP link of a replica stays open, and nothing passes (a black hole)",
  [5, 11],
  { kind: "frozen" },
);

/** What a replica says arrives, and it hears no answer: nobody knows whether it was done. */
export const deafLink = linkFault(
  "deaf-link",
  "what a replica sends arrives, and no answer comes back (half-open)",
  [4, 9],
  { kind: "deaf" },
);

/** Everything arrives, late. */
export const slowLink = linkFault("slow-link", "everything on the TCP link of a replica is 400 ms late", [5, 10], {
  kind: "slow",
  delayMs: 400,
});
