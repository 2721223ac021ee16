import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { createDependency } from "../dependency.ts";
import { PermanentError, TandemError } from "../errors.ts";
import { openAdmin } from "../nats/admin.ts";
import { thingsContract, type TakerHandlers } from "../tests/things-contract.ts";
import { serve, startTestSystem, systemClock, type ServedService } from "./index.ts";

const { url: natsUrl } = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const { maker, taker, thingMade, thingTaken, thingMadeV1 } = thingsContract("");
const cause = { correlationId: "req-1", causationId: "req-1" };

const makerServed = serve(maker, { handlers: { thingTaken: () => undefined } });
const takerServed = (thingMade: TakerHandlers["thingMade"]): ServedService => serve(taker, { handlers: { thingMade } });

async function systemForTest(services: readonly ServedService[]) {
  const system = await startTestSystem({ natsUrl, databaseUrl, services });
  onTestFinished(() => system.stop({ ignoreDeadLetters: true }));
  return system;
}

describe("a test system", () => {
  it("tells what came of a request as a tree of causes", async () => {
    let failures = 0;
    const system = await systemForTest([
      makerServed,
      takerServed(({ thing_id, count }, { publish }) => {
        if (count === 2 && failures++ === 0) throw new Error("not yet\nat line 1");
        if (count === 3) throw new PermanentError("no such thing");
        publish.thingTaken({ thing_id });
      }),
    ]);
    await system.service(maker).context.transact(cause, async ({ publish }) => {
      for (const count of [1, 2, 3]) publish.thingMade({ thing_id: `t-${count}`, count });
    });
    await system.publish(thingMade, { thing_id: "t-9", count: 9 }, { correlationId: "another" });
    await system.settled({ allowHeld: true });
    await system.clock.advance(1_000);
    await system.settled();
    expect(String(await system.story("req-1")).split("\n")).toEqual([
      "req-1",
      "  things.made v1 by maker, key t-1",
      "    taker v1 handled",
      "      things.taken v1 by taker, key t-1",
      "        maker v1 handled",
      "  things.made v1 by maker, key t-2",
      "    taker v1 failed, tried again (attempt 1): not yet",
      "    taker v1 handled (attempt 2)",
      "      things.taken v1 by taker, key t-2",
      "        maker v1 handled",
      "  things.made v1 by maker, key t-3",
      "    taker v1 dead letter PERMANENT: no such thing",
    ]);
  });

  it("answers what was published, with the types of the contract, and what became of it", async () => {
    const system = await systemForTest([takerServed(({ thing_id }, { publish }) => publish.thingTaken({ thing_id }))]);
    const { eventId, correlationId } = await system.publish(thingMade, { thing_id: "t-1", count: 4 });
    await system.publishRaw({ subject: thingMadeV1.subject, body: "{", headers: { "ce-id": "broken" } });
    await system.settled();
    const [made, ...more] = await system.published(thingMade);
    expect(more).toEqual([]);
    expect(made?.body.count).toBe(4);
    expect((await system.published()).map(({ event, source }) => `${event} by ${source}`)).toEqual([
      "things.made by test",
      "things.taken by taker",
    ]);
    expect(await system.published(thingTaken)).toMatchObject([{ causationId: eventId, correlationId, versions: [1] }]);
    expect(system.handled({ service: "taker" })).toMatchObject([
      { eventId, durable: "taker-thingMade-v1", attempt: 1 },
    ]);
    expect(await system.deadLettered()).toMatchObject([
      { service: "taker", channel: "thingMade", version: 1, code: "BODY_NOT_JSON", eventId: "broken", attempts: 1 },
    ]);
    await system.expectNoDeadLetters();
    expect(await system.database(taker).query("select event from tandem_inbox")).toMatchObject({
      rows: [{ event: "things.made" }],
    });
    expect(system.log("taker").map(({ msg }) => msg)).toContain("handled");
  });

  it("keeps its names to itself: two of one contract share a server, and leave nothing behind", async () => {
    const seen: string[] = [];
    const systems = await Promise.all(
      ["one", "other"].map(async (name) =>
        systemForTest([
          takerServed(({ thing_id }, { delivery }) => void seen.push(`${name} ${thing_id} ${delivery.subject}`)),
        ]),
      ),
    );
    const [one, other] = systems;
    await one?.publish(thingMade, { thing_id: "t-1", count: 1 });
    await other?.publish(thingMade, { thing_id: "t-2", count: 1 });
    await Promise.all(systems.map(async (system) => system.settled()));
    expect(seen.sort()).toEqual(["one t-1 things.made.v1", "other t-2 things.made.v1"]);
    const admin = await openAdmin({ servers: [natsUrl] });
    onTestFinished(() => admin.close());
    expect((await admin.streams()).map(({ name }) => name.replace(/^t[0-9a-f]{10}_/, "…")).sort()).toEqual([
      ...["…DEAD_LETTERS", "…DEAD_LETTERS", "…THINGS_", "…THINGS_"],
    ]);
    for (const system of systems) await system.stop();
    expect(await admin.streams()).toEqual([]);
    await expect(one?.database(taker).query("select 1")).rejects.toThrow("after calling end on the pool");
  });

  it("refuses a stream that is not its own", async () => {
    const admin = await openAdmin({ servers: [natsUrl] });
    await admin.createStream("THINGS_", { subjects: ["things.>"] });
    onTestFinished(async () => {
      await admin.deleteStream("THINGS_");
      await admin.close();
    });
    const options = { natsUrl, databaseUrl, namespace: "", services: [makerServed] };
    await expect(startTestSystem(options)).rejects.toMatchObject({ code: "STREAM_TAKEN" });
    expect((await admin.streams()).map(({ name }) => name)).toEqual(["THINGS_"]);
  });

  it("says at its end what was given up and nobody asked for", async () => {
    const system = await systemForTest([
      takerServed(() => {
        throw new PermanentError("no such thing");
      }),
    ]);
    await system.publish(thingMade, { thing_id: "t-1", count: 1 }, { correlationId: "req-7" });
    await system.settled();
    const error: unknown = await system.stop().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "DEAD_LETTERS" });
    expect(String(error)).toContain("taker gave up thingMade v1: PERMANENT: no such thing");
    expect(String(error)).toContain("req-7\n  things.made v1 by test, key t-1\n    taker v1 dead letter PERMANENT");
  });

  it("knows its services by name", async () => {
    const system = await systemForTest([makerServed]);
    expect((await fetch(`${system.service("maker").url}/health/ready`)).status).toBe(200);
    expect(() => system.service("nobody")).toThrow("runs no service nobody; it has maker.");
  });
});

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

describe("settled", () => {
  it("says at its deadline which message of which durable is still handled, and what was logged last", async () => {
    const { promise: until, resolve } = Promise.withResolvers<void>();
    const system = await systemForTest([
      takerServed(async (_, { log }) => {
        log.warn("about to hang");
        await until;
      }),
    ]);
    const { eventId } = await system.publish(thingMade, { thing_id: "t-1", count: 1 }, { eventId: "e-1" });
    await eventually(() => system.log("taker").some(({ msg }) => msg === "about to hang"));
    const error: unknown = await system.settled({ deadlineMs: 300 }).catch((reason: unknown) => reason);
    expect(eventId).toBe("e-1");
    expect(
      String(error)
        .split("\n")
        .map((line) => line.trim()),
    ).toEqual([
      "TestingError: Not settled within 300 ms:",
      "taker-thingMade-v1: 1 delivered and not settled",
      "things.made.v1 #1, delivery 1: runs",
      "taker logged last: warn: about to hang",
    ]);
    resolve();
    await system.settled();
  });

  it("does not miss what is on its way from one service to the next", async () => {
    const hops = 25;
    const system = await systemForTest([
      serve(maker, {
        handlers: {
          thingTaken: ({ thing_id }, { publish }) => {
            const [name, hop] = thing_id.split(":");
            if (Number(hop) < hops) publish.thingMade({ thing_id: `${name}:${Number(hop) + 1}`, count: 1 });
          },
        },
      }),
      takerServed(({ thing_id }, { publish }) => publish.thingTaken({ thing_id })),
    ]);
    await system.publish(thingMade, { thing_id: "t:1", count: 1 });
    await system.settled();
    expect(system.handled()).toHaveLength(2 * hops);
  });

  it("waits for an event that its broker refuses, and says so", async () => {
    const system = await systemForTest([makerServed]);
    const huge = "x".repeat(1_100_000);
    await system
      .service(maker)
      .context.transact(cause, async ({ publish }) => publish.thingMade({ thing_id: "t", count: 1, note: huge }));
    await eventually(() => system.log("maker").some(({ level }) => level === "error"));
    await expect(system.settled({ deadlineMs: 100 })).rejects.toThrow(
      /outbox of maker: 1 not on the stream, 1 of them refused\n[^]*maker logged last: error: the broker refuses/,
    );
  });
});
