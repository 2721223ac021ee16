import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "../fault.ts";
import { stepDown } from "../fleet/leaders.ts";

const EVERY_MS = 1_000;

/** Leaders of streams, durables and of the cluster step down, again and again, while messages flow. */
export const stepDownLeaders: Fault = {
  name: "step-down",
  kind: "nats",
  says: "the leaders of all streams, their durables and the cluster step down, again and again",
  seconds: [4, 7],
  aim: (random) => ({ rounds: random.between(2, 3) }),
  async begin({ cluster, topology }, { rounds }) {
    const subjects = [
      "META.LEADER.STEPDOWN",
      ...topology.streams.map(({ name }) => `STREAM.LEADER.STEPDOWN.${name}`),
      ...topology.consumers.map(({ stream, durable }) => `CONSUMER.LEADER.STEPDOWN.${stream}.${durable}`),
    ];
    let told = 0;
    const stepping = (async () => {
      for (let round = 0; round < Number(rounds); round += 1) {
        if (round > 0) await delay(EVERY_MS);
        told += await stepDown(cluster, subjects);
      }
    })();
    return {
      says: "leaders are told to step down",
      async end() {
        await stepping;
        return `${told} leaders were told to`;
      },
    };
  },
};
