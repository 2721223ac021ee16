import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { cause, reasonsOf, rigsForTests, type Rig } from "./things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const openRig = rigsForTests();
const rigForTest = async (): Promise<Rig> => openRig({ natsUrl: nats.url, databaseUrl: database.url });

describe("a running service", () => {
  it("answers health, metrics and what it does not have, on one port", async () => {
    const rig = await rigForTest();
    const service = await rig.startTaker(() => undefined);
    await eventually(async () => (await fetch(`${service.url}/health/ready`)).status === 200);
    expect(await (await fetch(`${service.url}/health`)).json()).toEqual({
      service: rig.contract.taker.name,
      status: "ready",
      reasons: [],
      nats: "connected",
      database: "answers",
      dependencies: {},
      outages: [],
    });
    const metrics = await fetch(`${service.url}/metrics`);
    expect(metrics.headers.get("content-type")).toContain("text/plain");
    expect(await metrics.text()).toMatch(/tandem_nats_connected\{service="taker\d+"\} 1/);
    const nothing = await fetch(`${service.url}/nothing?x=1`);
    expect([nothing.status, nothing.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    expect(await nothing.json()).toMatchObject({
      status: 404,
      code: "NOT_FOUND",
      detail: "There is nothing at /nothing.",
    });
    const posted = await fetch(`${service.url}/health`, { method: "POST" });
    expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    expect((await fetch(`${service.url}/health`, { method: "HEAD" })).status).toBe(200);
  });

  it("is not ready while a durable that it reads does not exist, and says which", async () => {
    const rig = await rigForTest();
    const durable = `${rig.contract.taker.name}-thingMade-v1`;
    await rig.admin.deleteDurable(rig.contract.stream, durable);
    const service = await rig.startTaker(() => undefined);
    await eventually(async () => {
      const reasons = await reasonsOf(await fetch(`${service.url}/health`));
      expect(reasons).toEqual([expect.stringContaining(`${durable}: durable ${durable} does not exist`)]);
    });
  });

  it("runs its jobs again and again, and goes on after one fails", async () => {
    const rig = await rigForTest();
    const runs: string[] = [];
    const maker = await rig.startMaker({
      jobs: [
        {
          name: "sweep",
          everyMs: 10,
          run: async ({ transact, database: reads }) => {
            runs.push("run");
            if (runs.length === 1) throw new Error("first");
            expect((await reads.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
            if (runs.length === 2)
              await transact(cause, async ({ publish }) => publish.thingMade({ thing_id: "swept", count: 1 }));
          },
        },
      ],
    });
    await eventually(async () => (await rig.stored()).length === 1);
    expect(await (await fetch(`${maker.url}/metrics`)).text()).toMatch(
      /tandem_jobs_total\{job_name="sweep",outcome="failed".*\} 1/,
    );
  });

  it("starts beside its replica, each with the same tables and each taking its part", async () => {
    const rig = await rigForTest();
    const seen = new Set<string>();
    const start = async () =>
      rig.start(rig.contract.taker, {
        handlers: {
          thingMade: ({ thing_id }) => {
            seen.add(thing_id);
          },
        },
      });
    const replicas = await Promise.all([start(), start(), start()]);
    await Promise.all(replicas.map(async ({ ready }) => ready));
    for (let index = 0; index < 30; index += 1) await rig.publishThing(`t-${index}`);
    await rig.settled();
    expect(seen.size).toBe(30);
    expect(await rig.rows(`select count(*)::int from "${rig.contract.taker.name}".tandem_inbox`)).toEqual([
      { count: 30 },
    ]);
  });
});

describe("a service that is told to stop", () => {
  it("finishes what is in hand, hands back the rest, publishes what it committed, and leaves nothing behind", async () => {
    const rig = await rigForTest();
    let running = 0;
    let finished = 0;
    const service = await rig.startTaker(async ({ thing_id }, { publish, tx }) => {
      running += 1;
      await tx.query("select pg_sleep(0.2)");
      publish.thingTaken({ thing_id });
      finished += 1;
    });
    for (let index = 0; index < 20; index += 1) await rig.publishThing(`t-${index}`);
    await eventually(() => running >= 4);
    const stopping = service.stop();
    const health = await fetch(`${service.url}/health/ready`);
    expect(health.status).toBe(503);
    expect(await reasonsOf(health)).toContain("the service is stopping");
    await stopping;
    await service.stopped;
    expect(finished).toBe(running);
    expect(finished).toBeLessThan(20);
    const schema = rig.contract.taker.name;
    expect(await rig.rows(`select count(*)::int from "${schema}".tandem_inbox`)).toEqual([{ count: finished }]);
    expect(await rig.rows(`select 1 from "${schema}".tandem_outbox`)).toEqual([]);
    expect((await rig.stored()).length).toBe(20 + finished);
    const info = await rig.admin.durable(rig.contract.stream, `${schema}-thingMade-v1`);
    expect((info?.ackPending ?? 0) + (info?.pending ?? 0)).toBe(20 - finished);
    await expect(fetch(`${service.url}/health/live`)).rejects.toThrow("fetch failed");
    expect(await rig.rows("select 1 from pg_stat_activity where application_name like $1", [`${schema}@%`])).toEqual(
      [],
    );

    let rest = 0;
    await rig.startTaker(() => {
      rest += 1;
    });
    await rig.settled();
    expect(rest).toBe(20 - finished);
  });

  it("answers the requests in hand, and refuses new ones", async () => {
    const rig = await rigForTest();
    let arrived = (): void => undefined;
    const request = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    let answer = (): void => undefined;
    const maker = await rig.startMaker({
      http: () => (_, response) => {
        answer = () => response.end("done");
        arrived();
      },
    });
    const inHand = fetch(`${maker.url}/slow`);
    await request;
    const stopping = maker.stop();
    expect((await fetch(`${maker.url}/new`)).status).toBe(503);
    answer();
    expect(await (await inHand).text()).toBe("done");
    await stopping;
  });

  it("does not wait longer than its grace for a handler that does not end, and tells it", async () => {
    const rig = await rigForTest();
    let aborted = false;
    let started = false;
    const service = await rig.startTaker(
      async (_, { signal }) => {
        started = true;
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        aborted = true;
        throw new Error("told to stop");
      },
      { env: { SHUTDOWN_GRACE: "50" } },
    );
    await rig.publishThing("t-stuck");
    await eventually(() => started);
    await service.stop();
    expect(aborted).toBe(true);
    expect(await rig.rows(`select 1 from "${rig.contract.taker.name}".tandem_inbox`)).toEqual([]);
  });
});
