/** Instances of several classes of one service, each a process: who is given what, and who takes over. */
import { expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import type { ThingsDelivery } from "./things-contract.ts";
import { processesForTests, type ThingsProcess } from "./things-process.ts";
import { cause, rigsForTests } from "./things-rig.ts";

const nats = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const openRig = rigsForTests();
const startProcess = processesForTests();

const PATIENT = { deadlineMs: 60_000 };

/** A maker in this process, and takers in processes of their own that are started one after the other. */
async function classesRig(delivery: ThingsDelivery) {
  const rig = await openRig({ natsUrl: nats.url, databaseUrl }, { ackWaitMs: 1_000, concurrency: 2, ...delivery });
  const maker = await rig.startMaker();
  const { name } = rig.contract.taker;
  const durable = `${name}-thingMade-v1`;
  let made = 0;
  const waitingPulls = async () => (await rig.admin.durable(rig.contract.stream, durable))?.waitingPulls ?? 0;
  const rows = async (): Promise<number[]> =>
    (await rig.rows<{ count: number }>(`select count from "${name}".taken order by count`)).map(({ count }) => count);
  return {
    rig,
    /** Resolves when it waits for messages beside those that were started before. */
    async start(env: Readonly<Record<string, string>>): Promise<ThingsProcess> {
      const before = await waitingPulls();
      const started = startProcess({ ...rig.env, HTTP_PORT: "0", ...env });
      await eventually(async () => (await waitingPulls()) > before, PATIENT);
      return started;
    },
    async make(count: number, manner = "any"): Promise<void> {
      await maker.context.transact(cause, async ({ publish }) => {
        for (let index = 0; index < count; index += 1) publish.thingMade({ thing_id: manner, count: (made += 1) });
      });
    },
    /** Everything that was made is applied, and each thing once. */
    async applied(): Promise<void> {
      const all = Array.from({ length: made }, (_, index) => index + 1);
      await eventually(async () => expect(await rows()).toEqual(all), PATIENT);
    },
    /** One after the other. */
    async slowly(count: number): Promise<void> {
      for (let index = 0; index < count; index += 1) {
        await this.make(1);
        await this.applied();
      }
    },
  };
}

/** How many handler runs a process began. */
function runsOf({ stdout }: ThingsProcess): number {
  return stdout.split('"msg":"taking"').length - 1;
}

it("gives a slow feed to the first class, and everything to the second when the first is killed", async () => {
  const rig = await classesRig({ priority: { policy: "prioritized" } });
  const second = await rig.start({ CONSUMER_PRIORITY: "1" });
  const first = await rig.start({});
  await rig.slowly(10);
  await eventually(() => expect([runsOf(first), runsOf(second)]).toEqual([10, 0]));
  first.child.kill("SIGKILL");
  await first.ended;
  await rig.make(20);
  await rig.applied();
  expect(await rig.rig.deadLetters()).toEqual([]);
  expect(runsOf(second)).toBeGreaterThan(0);
});

it("gives a burst to the second class too, and nothing when little waits", async () => {
  const rig = await classesRig({ priority: { policy: "overflow" } });
  const second = await rig.start({ CONSUMER_OVERFLOW_PENDING: "10" });
  const first = await rig.start({ TAKE_MS: "200" });
  await rig.slowly(5);
  await eventually(() => expect([runsOf(first), runsOf(second)]).toEqual([5, 0]));
  await rig.make(60, "unhurried");
  await rig.applied();
  await eventually(() => expect(runsOf(first) + runsOf(second)).toBe(65));
  expect(runsOf(first)).toBeGreaterThan(5);
  expect(runsOf(second)).toBeGreaterThan(5);
});

it("gives everything to one of two, and to the other when that one is killed: nothing is lost, nothing applied twice", async () => {
  const rig = await classesRig({ priority: { policy: "pinned", timeoutMs: 3_000 }, orderedByKey: true });
  const processes = [await rig.start({ TAKE_MS: "20" }), await rig.start({ TAKE_MS: "20" })] as const;
  await rig.make(10, "unhurried");
  await rig.applied();
  const [active, standby] = runsOf(processes[0]) > 0 ? processes : [processes[1], processes[0]];
  expect(runsOf(standby)).toBe(0);
  await rig.make(100, "unhurried");
  const before = runsOf(active);
  await eventually(() => runsOf(active) > before + 5, PATIENT);
  active.child.kill("SIGKILL");
  await active.ended;
  await rig.applied();
  expect(runsOf(standby)).toBeGreaterThan(0);
  expect(await rig.rig.deadLetters()).toEqual([]);
  const order = await rig.rig.rows<{ count: number }>(
    `select count from "${rig.rig.contract.taker.name}".taken order by place`,
  );
  expect(order.map(({ count }) => count)).toEqual(Array.from({ length: 110 }, (_, index) => index + 1));
});

it("hands a pinned durable on at once when its instance is told to stop", async () => {
  const rig = await classesRig({ priority: { policy: "pinned", timeoutMs: 3_600_000 } });
  const processes = [await rig.start({}), await rig.start({})] as const;
  await rig.slowly(1);
  const [active, standby] = runsOf(processes[0]) > 0 ? processes : [processes[1], processes[0]];
  active.child.kill("SIGTERM");
  expect(await active.ended).toBe(0);
  await rig.slowly(3);
  expect(runsOf(standby)).toBe(3);
});
