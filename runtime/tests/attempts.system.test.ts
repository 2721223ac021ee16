import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { processesForTests, superviseProcess } from "./things-process.ts";
import { rigsForTests, type Rig } from "./things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const openRig = rigsForTests();
const startProcess = processesForTests();
const servers = { natsUrl: nats.url, databaseUrl: database.url };
/** Short: whatever a killed process had in hand comes again only after it. */
const ackWaitMs = 2_000;
const PATIENT = { timeout: 300_000 };
const innocent = (count: number): string[] => Array.from({ length: count }, (_, index) => `unhurried-${index}`);

/** How often each thing is in a table of the taker. */
async function countsIn(rig: Rig, table: "started" | "taken"): Promise<Record<string, number>> {
  const rows = await rig.rows<{ thing_id: string; times: number }>(
    `select thing_id, count(*)::integer as times from "${rig.contract.taker.name}".${table} group by thing_id`,
  );
  return Object.fromEntries(rows.map(({ thing_id, times }) => [thing_id, times]));
}

const once = (things: readonly string[]): Record<string, number> =>
  Object.fromEntries(things.map((thing) => [thing, 1]));

/** How often each thing is told of on the stream. */
async function toldOf(rig: Rig): Promise<Record<string, number>> {
  const { subject } = rig.contract.thingTakenV1;
  const told: Record<string, number> = {};
  for (const message of await rig.stored()) {
    if (message.subject !== subject) continue;
    const { thing_id } = JSON.parse(new TextDecoder().decode(message.data));
    told[thing_id] = (told[thing_id] ?? 0) + 1;
  }
  return told;
}

async function lettersOf(rig: Rig): Promise<(string | undefined)[][]> {
  const letters = await rig.deadLetters();
  return letters
    .map(({ headers }) => [headers["ce-subject"], headers["dlq-code"], headers["dlq-attempts"]])
    .sort(([a = ""], [b = ""]) => a.localeCompare(b));
}

/** Holds up every commit of the taker that has taken something, until it is opened. */
async function gateOfCommits({ rows, contract, system }: Rig) {
  const holder = new Client({ connectionString: system.databaseUrl });
  await holder.connect();
  // When a test fails before it is opened, its database is dropped under it.
  holder.on("error", () => undefined);
  await holder.query("select pg_advisory_lock(4711)");
  const taken = `"${contract.taker.name}".taken`;
  await rows(`
    create function public.wait_at_gate() returns trigger language plpgsql as
      'begin perform pg_advisory_xact_lock(4711); return null; end';
    create constraint trigger gate after insert on ${taken} deferrable initially deferred
      for each row execute function public.wait_at_gate()`);
  return {
    /** Answers the process of PostgreSQL that waits. */
    async somebodyWaits(): Promise<number> {
      return eventually(async () => {
        const [waiting] = await rows<{ pid: number }>(
          "select pid from pg_locks where locktype = 'advisory' and objid = 4711 and not granted",
        );
        return waiting?.pid ?? false;
      });
    },
    async open(): Promise<void> {
      await holder.end();
    },
  };
}

describe("a message that kills its process", PATIENT, () => {
  it("is a dead letter in the end, and none of its neighbours is", async () => {
    const rig = await openRig(servers, { ackWaitMs });
    const neighbours = innocent(15);
    for (const thing of neighbours.slice(0, 3)) await rig.publishThing(thing);
    await rig.publishThing("killer");
    for (const thing of neighbours.slice(3)) await rig.publishThing(thing);
    const taker = superviseProcess(() => startProcess({ ...rig.env, TAKE_MS: "40" }));
    await rig.settledElsewhere(250_000);

    expect(await lettersOf(rig)).toEqual([["killer", "PROCESS_KILLED", "3"]]);
    expect(await countsIn(rig, "taken")).toEqual(once(neighbours));
    await eventually(async () => expect(await toldOf(rig)).toEqual(once(neighbours)));
    // Its first run is not written down, three are.
    expect((await countsIn(rig, "started"))["killer"]).toBe(4);
    expect(taker.lives()).toBe(5);
    expect(await rig.rows(`select * from "${rig.contract.taker.name}".tandem_attempts`)).toEqual([]);
    await taker.stop();
  });

  it("has company of its kind, and two processes share the work: each of the two is one dead letter", async () => {
    const rig = await openRig(servers, { ackWaitMs });
    const neighbours = innocent(20);
    for (const thing of neighbours.slice(0, 5)) await rig.publishThing(thing);
    await rig.publishThing("killer-a");
    await rig.publishThing("killer-b");
    for (const thing of neighbours.slice(5)) await rig.publishThing(thing);
    const takers = [1, 2].map(() => superviseProcess(() => startProcess({ ...rig.env, TAKE_MS: "40" })));
    await rig.settledElsewhere(250_000);

    expect(await lettersOf(rig)).toEqual([
      ["killer-a", "PROCESS_KILLED", "3"],
      ["killer-b", "PROCESS_KILLED", "3"],
    ]);
    expect(await countsIn(rig, "taken")).toEqual(once(neighbours));
    await eventually(async () => expect(await toldOf(rig)).toEqual(once(neighbours)));
    await Promise.all(takers.map(async (taker) => taker.stop()));
  });
});

describe("the attempts of the contract", PATIENT, () => {
  it("are runs of the handler: deliveries that a dying process spent are none", async () => {
    const rig = await openRig(servers, { ackWaitMs, concurrency: 1 });
    await rig.publishThing("unhurried");
    await rig.publishThing("failing");
    for (const kills of [1, 2, 3]) {
      const taker = startProcess({ ...rig.env, TAKE_MS: "60000" });
      // The one that fails waits behind the other, which has the only place.
      await eventually(async () => (await countsIn(rig, "started"))["unhurried"] === kills);
      taker.child.kill("SIGKILL");
      await taker.ended;
    }
    startProcess(rig.env);
    await rig.settledElsewhere();
    expect(await countsIn(rig, "started")).toMatchObject({ failing: 5 });
    expect(await lettersOf(rig)).toEqual([["failing", "HANDLER_FAILED", "5"]]);
  });

  it("are counted again for whoever runs a message after a process that stopped in order", async () => {
    const rig = await openRig(servers, { ackWaitMs });
    await rig.publishThing("failing");
    const runs = async (): Promise<number> => (await countsIn(rig, "started"))["failing"] ?? 0;
    for (;;) {
      const taker = startProcess(rig.env);
      const before = await runs().catch(() => 0);
      await eventually(async () => (await runs()) > before || (await rig.deadLetters()).length > 0, {
        deadlineMs: 30_000,
      });
      taker.child.kill("SIGTERM");
      await taker.ended;
      if ((await rig.deadLetters()).length > 0) break;
    }
    expect(await runs()).toBe(5);
    expect(await lettersOf(rig)).toEqual([["failing", "HANDLER_FAILED", "5"]]);
  });
});

describe("a process that is killed", PATIENT, () => {
  it("after the effect and before the acknowledgement: the effect is there once, and nothing runs again", async () => {
    const rig = await openRig(servers, { ackWaitMs });
    await rig.publishThing("thing");
    const killed = startProcess({ ...rig.env, TANDEM_FAILPOINT: "after-effect-before-ack" });
    expect(await killed.ended).toBeNull();
    expect(await countsIn(rig, "taken")).toEqual({ thing: 1 });
    startProcess(rig.env);
    await rig.settledElsewhere();
    expect(await countsIn(rig, "taken")).toEqual({ thing: 1 });
    expect(await countsIn(rig, "started")).toEqual({ thing: 1 });
    await eventually(async () => expect(await toldOf(rig)).toEqual({ thing: 1 }));
    expect(await rig.deadLetters()).toEqual([]);
  });

  it("in the middle of its commit: the message comes again, and its effect is there once", async () => {
    const rig = await openRig(servers, { ackWaitMs });
    const killed = startProcess(rig.env);
    await eventually(async () => countsIn(rig, "taken"));
    const gate = await gateOfCommits(rig);
    await rig.publishThing("thing");
    const pid = await gate.somebodyWaits();
    killed.child.kill("SIGKILL");
    await killed.ended;
    // What PostgreSQL had begun for it would go on without it.
    await rig.rows("select pg_terminate_backend($1, 10000)", [pid]);
    await gate.open();
    expect(await countsIn(rig, "taken")).toEqual({});
    startProcess(rig.env);
    await rig.settledElsewhere();
    expect(await countsIn(rig, "taken")).toEqual({ thing: 1 });
    expect(await countsIn(rig, "started")).toEqual({ thing: 2 });
    expect(await rig.deadLetters()).toEqual([]);
  });

  it.each(["hopeless", "failing"])(
    "after the dead letter of what is %s and before its end: one dead letter, and the original comes no more",
    async (thing) => {
      const rig = await openRig(servers, { ackWaitMs });
      await rig.publishThing(thing);
      const killed = startProcess({ ...rig.env, TANDEM_FAILPOINT: "after-dead-letter-before-term" });
      expect(await killed.ended).toBeNull();
      const [letter] = await lettersOf(rig);
      startProcess(rig.env);
      await rig.settledElsewhere();
      expect(await lettersOf(rig)).toEqual([letter]);
      expect(await countsIn(rig, "taken")).toEqual({});
      expect((await countsIn(rig, "started"))["failing"] ?? 5).toBe(5);
      expect(await rig.rows(`select * from "${rig.contract.taker.name}".tandem_attempts`)).toEqual([]);
    },
  );
});

describe("a handler that forgets to await", PATIENT, () => {
  it("loses nothing that it published before its end; what comes later ends its process with the reason", async () => {
    const rig = await openRig(servers, { ackWaitMs });
    const things = ["forgetful", ...innocent(5)];
    for (const thing of things) await rig.publishThing(thing);
    const ends: string[] = [];
    const taker = superviseProcess(() => {
      const started = startProcess({ ...rig.env, TAKE_MS: "5" });
      void started.ended.then(() => ends.push(started.stdout.trim().split("\n").at(-1) ?? ""));
      return started;
    });
    await eventually(() => ends.length > 0);
    await rig.settledElsewhere();
    expect(JSON.parse(ends[0] ?? "{}")).toMatchObject({ level: "fatal", err: { code: "RUN_OVER" } });
    expect(await countsIn(rig, "taken")).toEqual(once(things));
    await eventually(async () => expect(await toldOf(rig)).toEqual(once(things)));
    expect(await rig.deadLetters()).toEqual([]);
    await taker.stop();
  });
});
