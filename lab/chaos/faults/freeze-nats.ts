import { signalQuietly } from "../../servers/processes.ts";
import type { Fault } from "../fault.ts";
import { leaderOf } from "../fleet/leaders.ts";
import { STREAMS } from "./kill-nats.ts";

/** SIGSTOP of the node that leads a stream: its connections stay, and it says nothing. */
export const freezeNats: Fault = {
  name: "freeze-nats",
  kind: "nats",
  says: "SIGSTOP of the NATS node that leads a stream, SIGCONT at the end",
  seconds: [6, 11],
  aim: (random) => ({ stream: random.pick(STREAMS), otherwise: random.between(0, 2) }),
  async begin({ cluster, keep }, { stream, otherwise }) {
    const place = (await leaderOf(cluster, String(stream))) ?? Number(otherwise);
    const pid = cluster.nodes[place]?.pid ?? 0;
    keep(pid);
    signalQuietly(pid, "SIGSTOP");
    return {
      says: `node-${place + 1} stands still`,
      async end() {
        signalQuietly(pid, "SIGCONT");
      },
    };
  },
};
