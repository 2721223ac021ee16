/** Replicas of the taker that call another company's system for each thing. */
import { setTimeout as pause } from "node:timers/promises";
import { eventually } from "../../lab/testing/eventually.ts";
import { createDependency, type Dependency } from "../dependency.ts";
import type { Rig } from "./things-rig.ts";

/** How long the replicas leave a gateway alone that is down. */
export const WINDOW_MS = 200;
/** Of one replica, by the contract of things. */
export const CONCURRENCY = 8;

/** Another company's system, and what it saw. */
export function gatewayForTest() {
  const seen = {
    down: false,
    /** How long it takes to answer. */
    answerMs: 2,
    /** When each call came. */
    calls: [] as number[],
    /** Calls at once, at most. */
    most: 0,
    done: [] as string[],
    /** The highest count of deliveries of any run. */
    deliveries: 0,
  };
  let atOnce = 0;
  return {
    seen,
    async charge(id: string): Promise<void> {
      seen.calls.push(Date.now());
      atOnce += 1;
      seen.most = Math.max(seen.most, atOnce);
      await pause(seen.answerMs);
      atOnce -= 1;
      if (seen.down) throw new Error("connection refused");
      seen.done.push(id);
    },
  };
}

/** Replicas of the taker in this process: each with a breaker of its own, as each process has. */
export async function startReplicas(rig: Rig, count: number, gateway: ReturnType<typeof gatewayForTest>, env = {}) {
  const replicas = [];
  for (let replica = 0; replica < count; replica += 1) {
    const dependency = createDependency("gateway", {
      timeoutMs: 1_000,
      retries: 0,
      breakAfter: 1,
      halfOpenAfterMs: WINDOW_MS,
    });
    const taker = await rig.startTaker(
      async ({ thing_id }, { delivery, publish }) => {
        gateway.seen.deliveries = Math.max(gateway.seen.deliveries, delivery.attempt);
        await dependency.call(async () => gateway.charge(thing_id));
        publish.thingTaken({ thing_id });
      },
      { dependencies: [dependency], env },
    );
    replicas.push({ taker, dependency });
  }
  return replicas;
}

/** Publishes things one after the other; answers their ids. */
export async function publishThings(rig: Rig, count: number, prefix = "t"): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  for (const id of ids) await rig.publishThing(id);
  return ids;
}

/** Waits until every breaker has opened. */
export async function allOpen(dependencies: readonly Dependency[]): Promise<void> {
  await eventually(() => dependencies.every(({ state }) => state !== "closed"));
}
