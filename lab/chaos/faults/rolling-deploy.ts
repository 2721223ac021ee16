import type { Fault } from "../fault.ts";

/** Every replica is stopped in order and started again, one after the other, while orders come in. */
export const rollingDeploy: Fault = {
  name: "rolling-deploy",
  kind: "service",
  says: "SIGTERM of every replica, one after the other, each ready again before the next",
  seconds: [8, 12],
  aim: (random) => ({ reverse: random.between(0, 1) }),
  async begin({ replicas }, aim) {
    const order = aim["reverse"] === 1 ? replicas.toReversed() : replicas;
    const slow: string[] = [];
    const rolling = (async () => {
      for (const replica of order) {
        const exit = await replica.restart();
        if (exit !== undefined && exit.code !== 0) slow.push(`${replica.name} with ${exit.signal ?? exit.code}`);
        await replica.ready();
      }
    })();
    return {
      says: `a deploy goes over ${order.map(({ name }) => name).join(", ")}`,
      async end() {
        await rolling;
        return slow.length === 0
          ? "all ended with exit code 0"
          : `ended otherwise than with exit code 0: ${slow.join(", ")}`;
      },
    };
  },
};
