import type { Damage, Fault } from "../fault.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { leaderOf } from "../fleet/leaders.ts";
import type { Random } from "../random.ts";

/** The streams of events. */
export const STREAMS = ["ORDERS", "INVENTORY", "PAYMENTS"] as const;

const aimAtStream = (random: Random) => ({ stream: random.pick(STREAMS), otherwise: random.between(0, 2) });

/** Kills nodes at once, and starts them again at the end. */
async function kill({ cluster }: Fleet, places: readonly number[]): Promise<Damage> {
  const nodes = cluster.nodes.filter((_, place) => places.includes(place));
  await Promise.all(nodes.map(async (node) => node.kill()));
  return {
    says: `killed: ${places.map((place) => `node-${place + 1}`).join(", ")}`,
    async end() {
      await Promise.all(nodes.map(async (node) => node.restart()));
    },
  };
}

/** SIGKILL of the node that leads a stream. */
export const killNatsLeader: Fault = {
  name: "kill-nats-leader",
  kind: "nats",
  says: "SIGKILL of the NATS node that leads a stream",
  seconds: [5, 10],
  aim: aimAtStream,
  async begin(fleet, { stream, otherwise }) {
    return kill(fleet, [(await leaderOf(fleet.cluster, String(stream))) ?? Number(otherwise)]);
  },
};

/** SIGKILL of a node that follows. */
export const killNatsFollower: Fault = {
  name: "kill-nats-follower",
  kind: "nats",
  says: "SIGKILL of a NATS node that does not lead a stream",
  seconds: [5, 10],
  aim: aimAtStream,
  async begin(fleet, { stream, otherwise }) {
    const leader = (await leaderOf(fleet.cluster, String(stream))) ?? Number(otherwise);
    return kill(fleet, [(leader + 1) % fleet.cluster.nodes.length]);
  },
};

/** SIGKILL of two nodes: nobody has a majority. */
export const killNatsMajority: Fault = {
  name: "kill-nats-majority",
  kind: "nats",
  says: "SIGKILL of two NATS nodes of three: nothing is stored meanwhile",
  seconds: [4, 8],
  aim: (random) => ({ survivor: random.between(0, 2) }),
  begin: async (fleet, { survivor }) =>
    kill(
      fleet,
      [0, 1, 2].filter((place) => place !== survivor),
    ),
};

/** SIGKILL of all nodes. */
export const killNatsAll: Fault = {
  name: "kill-nats-all",
  kind: "nats",
  says: "SIGKILL of all NATS nodes at once",
  seconds: [3, 6],
  aim: () => ({}),
  begin: async (fleet) => kill(fleet, [0, 1, 2]),
};
