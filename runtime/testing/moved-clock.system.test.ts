import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { createDependency } from "../dependency.ts";
import { TandemError } from "../errors.ts";
import { thingsContract, type TakerHandlers } from "../tests/things-contract.ts";
import { serve, startTestSystem, systemClock, type ServedService } from "./index.ts";

const { url: natsUrl } = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const { maker, taker, thingMade } = thingsContract("");
const takerServed = (thingMade: TakerHandlers["thingMade"]): ServedService => serve(taker, { handlers: { thingMade } });

async function systemForTest(services: readonly ServedService[]) {
  const system = await startTestSystem({ natsUrl, databaseUrl, services });
  onTestFinished(() => system.stop({ ignoreDeadLetters: true }));
  return system;
}

describe("the clock of a test system", () => {
  it("moves retries: one advance runs every attempt, each at its time", async () => {
    const attempts: [number, number][] = [];
    const system = await systemForTest([
      takerServed((_, { delivery, clock }) => {
        attempts.push([delivery.attempt, clock.now()]);
        throw new Error(`failure ${delivery.attempt}`);
      }),
    ]);
    const start = system.clock.now();
    await system.publish(thingMade, { thing_id: "t-1", count: 1 });
    await expect(system.settled()).rejects.toThrow(
      /waits for the clock.*:\n[^]*taker-thingMade-v1: 1 delivered and not settled\n[^]*delivery 1, event [^]*: retried: failure 1/,
    );
    expect(attempts).toEqual([[1, start]]);
    await system.clock.advance(10_000);
    await system.settled();
    expect(attempts.map(([attempt]) => attempt)).toEqual([1, 2, 3, 4, 5]);
    const times = attempts.map(([, at]) => at - start);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(10_000);
    expect(system.retried()).toHaveLength(4);
    expect(await system.deadLettered()).toMatchObject([{ code: "HANDLER_FAILED", attempts: 5, error: "failure 5" }]);
  });

  it("keeps what waits for a retry from nobody's way", async () => {
    const handled: string[] = [];
    const system = await systemForTest([
      takerServed(({ thing_id }, { delivery }) => {
        if (thing_id.startsWith("bad") && delivery.attempt === 1) throw new Error("not yet");
        handled.push(thing_id);
      }),
    ]);
    const bad = Array.from({ length: 40 }, (_, index) => `bad-${index}`);
    for (const thing_id of [...bad, "good"]) await system.publish(thingMade, { thing_id, count: 1 });
    expect(await system.settled({ allowHeld: true })).toHaveLength(1);
    expect(handled).toEqual(["good"]);
    await system.clock.advance(60);
    await system.settled();
    expect([...handled].sort()).toEqual([...bad, "good"].sort());
  });

  it("moves jobs: as many runs as the time has room for", async () => {
    const runs: number[] = [];
    const job = {
      name: "tick",
      everyMs: 1_000,
      run: async (context: { clock: { now(): number } }) => {
        await pause(5);
        runs.push(context.clock.now());
      },
    };
    const system = await systemForTest([serve(maker, { handlers: { thingTaken: () => undefined }, jobs: [job] })]);
    const start = system.clock.now();
    await system.clock.advance(3_500);
    expect(runs.map((at) => at - start)).toEqual([0, 1_000, 2_000, 3_000]);
  });

  it("moves holds: a delivery waits for what does not answer, and goes on when it does", async () => {
    let down = true;
    const system = await systemForTest([
      takerServed(() => {
        if (down) throw new TandemError("DEPENDENCY_DOWN", "the gateway is down");
      }),
    ]);
    for (const thing_id of ["t-1", "t-2"]) await system.publish(thingMade, { thing_id, count: 1 });
    await expect(system.settled()).rejects.toThrow(/held: the gateway is down/);
    await system.clock.advance(10_000);
    expect(await system.settled({ allowHeld: true })).toHaveLength(1);
    expect(system.held({ eventId: system.held()[0]?.eventId ?? "" }).length).toBeGreaterThan(3);
    down = false;
    await system.clock.advance(2_000);
    await system.settled();
    expect(system.handled().map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  it("moves breakers: one is open for as long as its service says, and the pause at the broker with it", async () => {
    const patience = { timeoutMs: 5_000, retries: 0, breakAfter: 1, halfOpenAfterMs: 3_600_000 };
    let down = true;
    let calls = 0;
    const system = await systemForTest([
      serve(taker, {
        handlers: ({ watch }) => {
          const gateway = createDependency("gateway", patience);
          watch(gateway);
          const call = async (): Promise<void> => {
            calls += 1;
            if (down) throw new Error("connection refused");
          };
          return { thingMade: async () => gateway.call(call) };
        },
      }),
    ]);
    for (let index = 0; index < 20; index += 1) await system.publish(thingMade, { thing_id: `t-${index}`, count: 1 });
    await system.settled({ allowHeld: true });
    const before = calls;
    await system.clock.advance(3_000_000);
    expect(calls).toBe(before);
    down = false;
    await system.clock.advance(1_000_000);
    await system.settled();
    expect(system.handled()).toHaveLength(20);
    expect(system.handled().every(({ attempt }) => attempt === 1)).toBe(true);
  });

  it("can be that of the machine: retries and holds go by it", async () => {
    const gateway = createDependency("gateway", { timeoutMs: 500, retries: 0, breakAfter: 1, halfOpenAfterMs: 50 });
    let down = true;
    const services = [
      takerServed(async () =>
        gateway.call(async () => {
          if (down) throw new Error("connection refused");
        }),
      ),
    ];
    const system = await startTestSystem({ natsUrl, databaseUrl, services, clock: systemClock });
    onTestFinished(() => system.stop());
    await system.publish(thingMade, { thing_id: "t-1", count: 1 });
    expect(await system.settled({ allowHeld: true })).toHaveLength(1);
    down = false;
    expect(await system.settled()).toEqual([]);
    expect(system.handled()).toHaveLength(1);
  });
});
