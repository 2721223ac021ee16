import { randomUUID } from "node:crypto";
import { afterAll, expect, it } from "vitest";
import { letterRig } from "../../lab/testing/letters-rig.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { readTopology } from "../topology.ts";
import { createLetterCount } from "./open-letters.ts";

const { url: natsUrl } = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const rig = await letterRig({ natsUrl, databaseUrl });
afterAll(() => rig.close());

async function letterTo(subject: string): Promise<number> {
  return rig.letter({ subject, body: {}, headers: { "ce-id": randomUUID() } });
}

it("counts letters until somebody has acted on them, and looks only when something came", async () => {
  const count = createLetterCount(readTopology("generated/topology.json"));
  expect(await count(rig.admin)).toEqual([]);
  const first = await letterTo("dead.inventory.orderCreated.v1");
  await letterTo("dead.inventory.orderCreated.v1");
  await letterTo("dead.payment.orderPayable.v1");
  expect(await count(rig.admin)).toEqual([
    { service: "payment", channel: "orderPayable", version: "v1", letters: 1 },
    { service: "inventory", channel: "orderCreated", version: "v1", letters: 2 },
  ]);
  expect(await count(rig.admin)).toBeUndefined();
  expect(await rig.run("discard", String(first), "--by", "Ann", "--why", "a test")).toMatchObject({ code: 0 });
  await rig.run("discard", "--service", "payment", "--by", "Ann", "--why", "a test");
  expect(await count(rig.admin)).toEqual([
    { service: "inventory", channel: "orderCreated", version: "v1", letters: 1 },
  ]);
});
