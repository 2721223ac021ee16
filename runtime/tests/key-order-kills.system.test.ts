/** The order of keys, when processes are killed in the midst of keeping it. */
import { expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { cause, rigsForTests } from "./things-rig.ts";
import { processesForTests, superviseProcess } from "./things-process.ts";

const nats = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const openRig = rigsForTests();
const startProcess = processesForTests();

const DELIVERY = { orderedByKey: true, ackWaitMs: 1_000 };
const ordinals = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

async function killsRig(takeMs: number) {
  const rig = await openRig({ natsUrl: nats.url, databaseUrl }, DELIVERY);
  const { name } = rig.contract.taker;
  const env = { ...rig.env, HTTP_PORT: "0", TAKE_MS: String(takeMs) };
  const maker = await rig.startMaker();
  return {
    rig,
    start: (failpoint?: string) =>
      startProcess({ ...env, ...(failpoint === undefined ? {} : { TANDEM_FAILPOINT: failpoint }) }),
    make: async (key: string, from: number, to: number): Promise<void> => {
      await maker.context.transact(cause, async ({ publish }) => {
        for (let count = from; count <= to; count += 1) publish.thingMade({ thing_id: key, count });
      });
    },
    taken: async (key: string): Promise<number[]> =>
      (
        await rig.rows<{ count: number }>(`select count from "${name}".taken where thing_id = $1 order by place`, [key])
      ).map(({ count }) => count),
    parked: async (): Promise<number> => (await rig.rows(`select from "${name}".tandem_parked`)).length,
  };
}

it.each(["after-park-before-ack", "after-park-before-ack:3", "after-applied-before-release"])(
  "loses nothing of a key and changes nothing in its order, when a process dies %s",
  async (failpoint) => {
    const { rig, start, make, taken, parked } = await killsRig(800);
    const killed = start(failpoint);
    // Each takes longer than the others wait in hand, so that they are parked.
    await make("unhurried-a", 1, 5);
    await killed.ended;
    expect(killed.child.signalCode).toBe("SIGKILL");
    start();
    await rig.settledElsewhere();
    expect(await taken("unhurried-a")).toEqual(ordinals(5));
    expect(await parked()).toBe(0);
    expect(await rig.deadLetters()).toEqual([]);
  },
);

it("applies every event once and in its order, while three replicas are killed again and again", async () => {
  const { rig, start, make, taken } = await killsRig(40);
  const replicas = [1, 2, 3].map((replica) => {
    // Every third life of each dies of itself in the midst of it, the others from outside.
    let lives = 0;
    return superviseProcess(() => start((lives += 1) % 3 === replica % 3 ? "after-effect-before-ack:7" : undefined));
  });
  await eventually(async () => expect(await taken("none yet")).toEqual([]));
  const keys = Array.from({ length: 4 }, (_, index) => `unhurried-${index}`);
  for (let round = 0; round < 4; round += 1) {
    for (const key of keys) await make(key, round * 5 + 1, round * 5 + 5);
    const before = (await Promise.all(keys.map(taken))).flat().length;
    await eventually(async () => (await Promise.all(keys.map(taken))).flat().length > before + 5, {
      deadlineMs: 30_000,
    });
    replicas[round % 3]?.kill();
  }
  await rig.settledElsewhere();
  for (const key of keys) expect(await taken(key)).toEqual(ordinals(20));
  expect(replicas.map(({ lives }) => lives()).reduce((sum, lives) => sum + lives)).toBeGreaterThan(5);
  expect(await rig.deadLetters()).toEqual([]);
  await Promise.all(replicas.map(async (replica) => replica.stop()));
});
