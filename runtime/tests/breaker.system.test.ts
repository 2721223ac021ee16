import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest, natsServerForTest } from "../../lab/testing/servers.ts";
import { createDependency } from "../dependency.ts";
import { startService } from "../service/start-service.ts";
import { ManualClock } from "../testing/index.ts";
import { allOpen, CONCURRENCY, gatewayForTest, publishThings, startReplicas, WINDOW_MS } from "./gateway-replicas.ts";
import { rigsForTests } from "./things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const openRig = rigsForTests();

/** Milliseconds between the calls from the one of this number on. */
function gaps(calls: readonly number[], from: number): number[] {
  return calls.slice(from).flatMap((at, index, later) => (index === 0 ? [] : [at - (later[index - 1] ?? at)]));
}

describe("while a dependency of three replicas is down", () => {
  it("one call goes out in each window, no delivery is spent, and everything is done soon afterwards", async () => {
    const rig = await openRig({ natsUrl: nats.url, databaseUrl: database.url });
    const gateway = gatewayForTest();
    const replicas = await startReplicas(rig, 3, gateway);
    gateway.seen.down = true;
    const ids = await publishThings(rig, 90);
    await allOpen(replicas.map(({ dependency }) => dependency));
    const before = gateway.seen.calls.length;
    // More windows than there are attempts in the contract.
    await eventually(() => gateway.seen.calls.length >= before + 9);
    expect(Math.min(...gaps(gateway.seen.calls, before))).toBeGreaterThanOrEqual(WINDOW_MS);
    const durable = `${rig.contract.taker.name}-thingMade-v1`;
    expect((await rig.admin.durable(rig.contract.stream, durable))?.pausedForMs).toBeGreaterThan(0);
    for (const { taker } of replicas) {
      const health = await fetch(`${taker.url}/health/ready`);
      expect([health.status, await health.json()]).toMatchObject([200, { status: "degraded" }]);
      expect(await (await fetch(`${taker.url}/metrics`)).text()).toMatch(/tandem_paused\{.*\} 1/);
    }

    gateway.seen.down = false;
    gateway.seen.most = 0;
    const atRecovery = gateway.seen.calls.length;
    await rig.settled();
    expect([...gateway.seen.done].sort()).toEqual([...ids].sort());
    // Nobody had to find out for itself: after the outage each thing costs one call.
    expect(gateway.seen.calls.length - atRecovery).toBeLessThanOrEqual(ids.length + 1);
    expect(gateway.seen.most).toBeLessThanOrEqual(3 * CONCURRENCY);
    expect(gateway.seen.deliveries).toBe(1);
    expect(await rig.admin.durable(rig.contract.stream, durable)).toMatchObject({ redelivered: 0, pausedForMs: 0 });
    expect(await rig.deadLetters()).toEqual([]);
    await eventually(() => replicas.every(({ dependency }) => dependency.state === "closed"));
  });

  it("a replica that starts, or has nothing in hand, learns of it from the others", async () => {
    const rig = await openRig({ natsUrl: nats.url, databaseUrl: database.url });
    const gateway = gatewayForTest();
    gateway.seen.down = true;
    const [first] = await startReplicas(rig, 1, gateway);
    await publishThings(rig, 3);
    await eventually(() => first?.dependency.state !== "closed");
    const before = gateway.seen.calls.length;
    const [second] = await startReplicas(rig, 1, gateway);
    await eventually(() => second?.dependency.state === "open");
    await eventually(() => gateway.seen.calls.length >= before + 3);
    expect(Math.min(...gaps(gateway.seen.calls, before))).toBeGreaterThanOrEqual(WINDOW_MS);
    gateway.seen.down = false;
    await rig.settled();
    await eventually(() => second?.dependency.state === "closed");
    expect(gateway.seen.done).toHaveLength(3);
  });
});

describe("a breaker that trips", () => {
  it("over a message that never works does not let it decide for the others", async () => {
    const rig = await openRig({ natsUrl: nats.url, databaseUrl: database.url });
    const gateway = gatewayForTest();
    const dependency = createDependency("gateway", {
      timeoutMs: 500,
      retries: 0,
      breakAfter: 2,
      halfOpenAfterMs: 50,
    });
    await rig.startTaker(
      async ({ thing_id }) =>
        dependency.call(async () => {
          if (thing_id === "cursed") throw new Error("500");
          await gateway.charge(thing_id);
        }),
      { dependencies: [dependency] },
    );
    await rig.publishThing("cursed");
    const ids: string[] = [];
    // Alone it looks like an outage; each message that comes shows that it is none.
    await eventually(async () => {
      const [id = ""] = await publishThings(rig, 1, `t${ids.length}`);
      ids.push(id);
      await eventually(() => gateway.seen.done.includes(id));
      return (await rig.deadLetters()).length === 1;
    });
    await rig.settled();
    // A call may be made again where a run of it could not be committed: none is left out, and there is no other.
    expect([...new Set(gateway.seen.done)].sort()).toEqual([...ids].sort());
    expect((await rig.deadLetters()).map(({ headers }) => headers["dlq-code"])).toEqual(["HANDLER_FAILED"]);
  });
});

describe("a service that lives in a time of its own", () => {
  it("leaves a dependency alone until that time has come, and the broker's pause follows it", async () => {
    const rig = await openRig({ natsUrl: nats.url, databaseUrl: database.url });
    const gateway = gatewayForTest();
    gateway.seen.down = true;
    const clock = new ManualClock();
    const hourMs = 3_600_000;
    const dependency = createDependency("gateway", {
      timeoutMs: 500,
      retries: 0,
      breakAfter: 1,
      halfOpenAfterMs: hourMs,
    });
    // Not by the rig, whose services live in the time of the machine.
    const taker = await startService(rig.contract.taker, {
      handlers: { thingMade: async ({ thing_id }) => dependency.call(async () => gateway.charge(thing_id)) },
      dependencies: [dependency],
      clock,
      env: { NATS_URL: nats.url, DATABASE_URL: database.url, LOG_LEVEL: "silent" },
    });
    onTestFinished(() => taker.stop());
    const ids = await publishThings(rig, 20);
    const durable = `${rig.contract.taker.name}-thingMade-v1`;
    const pausedForMs = async () => (await rig.admin.durable(rig.contract.stream, durable))?.pausedForMs ?? 0;
    await eventually(async () => (await pausedForMs()) > hourMs / 2);
    const before = gateway.seen.calls.length;
    // Its time goes on a little: what could not be done at once on a busy machine is tried again in that time.
    const soon = async (check: () => boolean) =>
      eventually(async () => {
        await clock.advance(100);
        return check();
      });
    await clock.advance(hourMs);
    await soon(() => gateway.seen.calls.length === before + 1);
    await eventually(() => dependency.state === "open");
    gateway.seen.down = false;
    await clock.advance(hourMs);
    await soon(() => new Set(gateway.seen.done).size === ids.length);
    expect([...new Set(gateway.seen.done)].sort()).toEqual([...ids].sort());
    await eventually(async () => (await pausedForMs()) === 0);
  });
});

describe("a login that may not pause its durable", () => {
  it("holds what it has, says so once, and loses nothing", async () => {
    const guarded = await natsServerForTest({
      config: `authorization { users: [
        { user: owner, password: owner },
        { user: service, password: service, permissions: {
          publish: { deny: ["$JS.API.CONSUMER.PAUSE.>"] },
          subscribe: { deny: ["$JS.EVENT.>"] }
        } }
      ] }`,
    });
    const as = (name: string): string => guarded.url.replace("nats://", `nats://${name}:${name}@`);
    const directory = await mkdtemp(join(tmpdir(), "tandem-breaker-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const logFile = join(directory, "taker.log");
    const rig = await openRig({ natsUrl: as("owner"), databaseUrl: database.url });
    const gateway = gatewayForTest();
    gateway.seen.down = true;
    await startReplicas(rig, 2, gateway, { NATS_URL: as("service"), LOG_LEVEL: "warn", LOG_FILE: logFile });
    const ids = await publishThings(rig, 40);
    await eventually(() => gateway.seen.calls.length >= 8);
    gateway.seen.down = false;
    await rig.settled();
    expect([...gateway.seen.done].sort()).toEqual([...ids].sort());
    expect(gateway.seen.deliveries).toBe(1);
    const warnings = (await readFile(logFile, "utf8")).split("\n").filter((line) => line.includes("may not pause"));
    // One of each replica.
    expect(warnings).toHaveLength(2);
  });
});
