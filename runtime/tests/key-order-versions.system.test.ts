/** The order of keys across two versions of an event. */
import { expect, it } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import type { ServiceDescriptor } from "../descriptors.ts";
import { cause } from "./things-rig.ts";
import { versionsRig } from "./versions-rig.ts";

const nats = await natsForTest();
const { url: databaseUrl } = await databaseForTest();

const ordinals = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

function ordered<S extends ServiceDescriptor>(service: S): S {
  const handles = Object.entries(service.handles).map(([channel, one]) => [channel, { ...one, orderedByKey: true }]);
  return { ...service, handles: Object.fromEntries(handles) };
}

it("keeps the order of a reader of both, once, though gold things come in one version only", async () => {
  const rig = await versionsRig({ natsUrl: nats.url, databaseUrl });
  const release = rig.release();
  const taken = new Map<string, number[]>();
  const failed = new Set<string>();
  for (let replica = 0; replica < 2; replica += 1) {
    await rig.start(ordered(release.takesBoth), {
      handlers: {
        thingMade: ({ thing_id, amount }) => {
          const first = !failed.has(`${thing_id} ${amount}`);
          failed.add(`${thing_id} ${amount}`);
          if (first && amount % 4 === 1) throw new Error("not now");
          taken.set(thing_id, [...(taken.get(thing_id) ?? []), amount]);
        },
      },
    });
  }
  const maker = await rig.start(release.writesV2, { handlers: {} });
  const keys = ["a", "b", "c"];
  for (const amount of ordinals(12)) {
    const colour = amount % 3 === 0 ? "gold" : "grey";
    await maker.context.transact(cause, async ({ publish }) => {
      for (const thing_id of keys) publish.thingMade({ thing_id, amount, colour });
    });
  }
  await rig.settled();
  for (const key of keys) expect(taken.get(key)).toEqual(ordinals(12));
  expect(await rig.deadLetters(rig.taker)).toEqual([]);
});

it("lets a reader of the old version go on behind what the old version cannot say", async () => {
  const rig = await versionsRig({ natsUrl: nats.url, databaseUrl });
  const release = rig.release();
  const taken: number[] = [];
  await rig.start(ordered(release.takesV1), { handlers: { thingMade: ({ count }) => void taken.push(count) } });
  const maker = await rig.start(release.writesV2, { handlers: {} });
  for (const amount of ordinals(6)) {
    const colour = amount === 3 ? "gold" : "grey";
    await maker.context.transact(cause, async ({ publish }) => publish.thingMade({ thing_id: "a", amount, colour }));
  }
  await rig.settled();
  expect(taken).toEqual([1, 2, 4, 5, 6]);
  expect(await rig.deadLetters(rig.taker)).toEqual([]);
});
