import type { Fault } from "../fault.ts";
import { replicaOf } from "./services.ts";

/** Where a process can be told to kill itself, with the services that come by there in the reference system. */
const PLACES = [
  ["after-commit-before-publish", "order"],
  ["after-commit-before-publish", "inventory"],
  ["after-commit-before-publish", "payment"],
  ["after-puback-before-mark", "order"],
  ["after-puback-before-mark", "inventory"],
  ["after-puback-before-mark", "payment"],
  ["after-effect-before-ack", "order"],
  ["after-effect-before-ack", "inventory"],
  ["after-effect-before-ack", "payment"],
  ["after-charge-before-commit", "payment"],
] as const;

/** A replica kills itself at a named point, between two steps that must be one. */
export const failpoint: Fault = {
  name: "failpoint",
  kind: "service",
  says: "a replica kills itself at a named point (runtime/failpoint.ts)",
  seconds: [6, 9],
  aim(random) {
    const [place, service] = random.pick(PLACES);
    return { service, replica: random.between(1, 2), place, time: random.between(1, 6) };
  },
  async begin(fleet, aim) {
    const replica = replicaOf(fleet, aim);
    const before = replica.lives;
    await replica.restart({ TANDEM_FAILPOINT: `${aim["place"]}:${aim["time"]}` });
    await replica.ready();
    return {
      says: `${replica.name} was started again, to die ${aim["place"]}`,
      async end() {
        // One life more is the one that was armed.
        const died = replica.lives > before + 1 || replica.pid === undefined;
        // It must not go on with a failpoint that it did not reach.
        if (!died) await replica.restart();
        await replica.ready();
        return died ? `${replica.name} died there` : `${replica.name} never came by there`;
      },
    };
  },
};
