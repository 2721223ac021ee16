import type { Fault } from "../fault.ts";
import { SERVICES } from "./services.ts";

/** SIGKILL of every replica of a service at once: nobody is left who does its work. */
export const killService: Fault = {
  name: "kill-service",
  kind: "service",
  says: "SIGKILL of all replicas of a service at once",
  seconds: [3, 5],
  aim: (random) => ({ service: random.pick(SERVICES) }),
  async begin({ replicas }, aim) {
    const all = replicas.filter(({ service }) => service === aim["service"]);
    await Promise.all(all.map(async (replica) => replica.kill()));
    return {
      says: `${all.map(({ name }) => name).join(", ")} were killed`,
      end: async () => void (await Promise.all(all.map(async (replica) => replica.ready()))),
    };
  },
};
