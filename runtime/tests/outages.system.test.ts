import { describe, expect, it } from "vitest";
import { startPostgres } from "../../lab/servers/postgres.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsServerForTest } from "../../lab/testing/servers.ts";
import { createDependency } from "../dependency.ts";
import { cause, rigsForTests, type Rig } from "./things-rig.ts";

const nats = await natsServerForTest();
const database = await databaseForTest();
const openRig = rigsForTests();
const rigOn = async (databaseUrl: string): Promise<Rig> => openRig({ natsUrl: nats.url, databaseUrl });

describe("while PostgreSQL is killed and started again", () => {
  it("a service keeps its deliveries, says why it is not ready, and applies everything once", async () => {
    await using postgres = await startPostgres({ fsync: false });
    const rig = await rigOn(postgres.url);
    const deliveries = new Set<number>();
    const taker = await rig.startTaker(async ({ thing_id }, { tx, publish, delivery }) => {
      deliveries.add(delivery.attempt);
      await tx.query("create table if not exists taken (thing_id text)");
      await tx.query("insert into taken values ($1)", [thing_id]);
      await tx.query("select pg_sleep(0.02)");
      publish.thingTaken({ thing_id });
    });
    await rig.publishThing("before");
    await rig.settled();
    const ids = Array.from({ length: 60 }, (_, index) => `t-${index}`);
    for (const id of ids) await rig.publishThing(id);
    await postgres.kill();
    await eventually(async () => {
      const health = await fetch(`${taker.url}/health/ready`);
      expect(health.status).toBe(503);
      expect(await health.text()).toMatch(/PostgreSQL does not answer/);
      expect((await fetch(`${taker.url}/health/live`)).status).toBe(200);
    });
    const down = { code: "DATABASE_DOWN" };
    await expect(taker.context.transact(cause, async () => undefined)).rejects.toMatchObject(down);
    await expect(taker.context.database.query("select 1")).rejects.toMatchObject(down);
    await postgres.restart();
    await rig.settled();
    await eventually(async () => (await fetch(`${taker.url}/health/ready`)).status === 200);
    const taken = await rig.rows<{ thing_id: string }>(`select thing_id from "${rig.contract.taker.name}".taken`);
    expect(taken.map(({ thing_id }) => thing_id).sort()).toEqual(["before", ...ids].sort());
    expect(await rig.stored()).toHaveLength(2 * (ids.length + 1));
    expect(await rig.deadLetters()).toEqual([]);
    expect([...deliveries]).toEqual([1]);
    const durable = `${rig.contract.taker.name}-thingMade-v1`;
    // Paused while it lasted, and resumed: nobody waits for a pause to run out.
    expect(await rig.admin.durable(rig.contract.stream, durable)).toMatchObject({ redelivered: 0, pausedForMs: 0 });
    expect(await (await fetch(`${taker.url}/metrics`)).text()).toMatch(/tandem_pauses_total\{.*\} [1-9]/);
  });
});

describe("while NATS is killed and started again", () => {
  it("a service accepts work, and what it committed is handled afterwards", async () => {
    const rig = await rigOn(database.url);
    const handled: string[] = [];
    await rig.startTaker(({ thing_id }) => {
      handled.push(thing_id);
    });
    const maker = await rig.startMaker();
    await nats.kill();
    await eventually(async () => {
      const health = await fetch(`${maker.url}/health/ready`);
      expect(health.status).toBe(503);
      expect(await health.text()).toMatch(/NATS is disconnected since/);
    });
    const ids = Array.from({ length: 25 }, (_, index) => `t-${index}`);
    for (const thing_id of ids)
      await maker.context.transact(cause, async ({ publish }) => publish.thingMade({ thing_id, count: 1 }));
    expect(await (await fetch(`${maker.url}/metrics`)).text()).toMatch(/tandem_outbox_rows\{.*\} 25/);
    await nats.restart();
    await rig.settled();
    expect([...handled].sort()).toEqual([...ids].sort());
    await eventually(async () => (await fetch(`${maker.url}/health/ready`)).status === 200);
  });
});

describe("while a dependency is down", () => {
  it("its breaker opens, deliveries are kept in hand and spend no attempt, and end well", async () => {
    const rig = await rigOn(database.url);
    const gateway = createDependency("gateway", { timeoutMs: 200, retries: 0, breakAfter: 2, halfOpenAfterMs: 150 });
    let down = true;
    let calls = 0;
    const done: string[] = [];
    const taker = await rig.startTaker(
      async ({ thing_id }) => {
        await gateway.call(async () => {
          calls += 1;
          if (down) throw new Error("connection refused");
        });
        done.push(thing_id);
      },
      { dependencies: [gateway] },
    );
    const ids = Array.from({ length: 20 }, (_, index) => `t-${index}`);
    for (const id of ids) await rig.publishThing(id);
    await eventually(async () => {
      expect(gateway.state).toBe("open");
      const health = await fetch(`${taker.url}/health/ready`);
      expect(health.status).toBe(200);
      expect(await health.json()).toMatchObject({
        status: "degraded",
        reasons: [expect.stringMatching(/^gateway is left alone since 20\S+Z, until 20\S+Z: connection refused$/)],
        outages: [{ dependency: "gateway", reason: "connection refused" }],
      });
      expect(await (await fetch(`${taker.url}/metrics`)).text()).toMatch(
        /tandem_dependency_state\{dependency="gateway".*\} 2/,
      );
    });
    // More windows than the contract has attempts: a delivery spent in each would be given up by now.
    const callsBefore = calls;
    await eventually(() => calls >= callsBefore + 6);
    down = false;
    await rig.settled();
    expect([...done].sort()).toEqual([...ids].sort());
    expect(await rig.deadLetters()).toEqual([]);
  });
});

describe("while the stream of dead letters is missing", () => {
  it("a message that is given up is kept, and is a dead letter when the stream is there", async () => {
    const rig = await rigOn(database.url);
    await rig.admin.deleteStream("DEAD_LETTERS");
    const taker = await rig.startTaker(() => undefined);
    await rig.publishRaw("{", {});
    await eventually(
      async () =>
        (await rig.admin.durable(rig.contract.stream, `${rig.contract.taker.name}-thingMade-v1`))?.ackPending === 1,
    );
    expect(await (await fetch(`${taker.url}/metrics`)).text()).not.toContain('outcome="dead_lettered"');
    await rig.admin.createStream("DEAD_LETTERS", { subjects: ["dead.*.*.*"] });
    await rig.settled();
    expect((await rig.deadLetters()).map(({ headers }) => [headers["dlq-code"], headers["dlq-attempts"]])).toEqual([
      ["BODY_NOT_JSON", "1"],
    ]);
  });
});
