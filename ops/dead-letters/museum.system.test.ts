/** A bug that other systems had, as a test of its name: what becomes of a letter that is sent back more than once. */
import { PermanentError } from "@tandem/runtime";
import { afterAll, expect, it } from "vitest";
import { letterRig } from "../../lab/testing/letters-rig.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";

const { url: natsUrl } = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const rig = await letterRig({ natsUrl, databaseUrl });
afterAll(() => rig.close());

it("a replay inside the duplicate window is swallowed", async () => {
  let broken = true;
  const runs: string[] = [];
  await rig.startInventory({
    orderCreated: ({ order_id }) => {
      runs.push(order_id);
      if (broken) throw new PermanentError("still broken");
    },
  });
  const letters = async () => {
    const { text } = await rig.run("list", "--json", eventId);
    return (JSON.parse(text) as { letters: { id: string; state: string; occurrences: number }[] }).letters;
  };
  const replay = async (): Promise<void> => {
    const answer = await rig.run("replay", eventId, "--by", "Ann", "--why", "a test");
    expect(answer).toMatchObject({ code: 0 });
  };
  const { eventId, orderId } = await rig.created();
  await rig.entries(eventId, 1);
  const [first] = await letters();
  // Everything that follows happens inside of it.
  for (const stream of ["ORDERS", "DEAD_LETTERS"]) {
    await rig.admin.updateStream(stream, { duplicateWindowMs: 3_600_000 });
  }
  await replay();
  await rig.entries(eventId, 2);
  await rig.atRest("inventory-orderCreated-v1");
  expect(runs).toEqual([orderId, orderId]);
  const [letter] = await letters();
  expect(letter).toMatchObject({ state: "open", occurrences: 2 });
  expect(letter?.id).not.toBe(first?.id);
  // The id that it had finds it too.
  expect((await rig.run("list", "--json", first?.id ?? "")).text).toContain(`"${letter?.id}"`);
  const { text } = await rig.run("show", eventId);
  expect(text).toMatch(/happened 2 times/);
  expect(text).toMatch(/after 1 attempts, replay [0-9a-f-]{36}/);
  expect(text).toMatch(/Ann replayed/);

  broken = false;
  await replay();
  await rig.atRest("inventory-orderCreated-v1");
  expect(runs).toEqual([orderId, orderId, orderId]);
  expect(await letters()).toMatchObject([{ state: "replayed", occurrences: 2 }]);
});
