import { PermanentError } from "@tandem/runtime";
import { afterAll, describe, expect, it } from "vitest";
import { letterRig } from "../../lab/testing/letters-rig.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";

const { url: natsUrl } = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const rig = await letterRig({ natsUrl, databaseUrl });
afterAll(() => rig.close());

const list = async (...argv: readonly string[]) => {
  const { text } = await rig.run("list", "--json", ...argv);
  const { letters } = JSON.parse(text) as {
    letters: { id: string; state: string; occurrences: number; code: string }[];
  };
  return letters;
};
const why = ["--by", "Ann", "--why", "a test"];

describe("one entry for each poison message and consumer", () => {
  it("that is invalid, is beyond help, or fails until its attempts are over", async () => {
    let runs = 0;
    await rig.startInventory({
      orderCreated: ({ lines }) => {
        runs += 1;
        if (lines[0]?.sku === "gone") throw new PermanentError("no such product");
        throw new Error("the shelf is on fire");
      },
    });
    const invalid = await rig.created({ items: [{ product_id: "tea-250", quantity: 0 }] });
    const permanent = await rig.created({ items: [{ product_id: "gone", quantity: 1 }] });
    const transient = await rig.created();
    await rig.entries(transient.eventId, 1);
    await rig.atRest("inventory-orderCreated-v1");

    for (const [{ eventId }, code] of [
      [invalid, "EVENT_INVALID"],
      [permanent, "PERMANENT"],
      [transient, "HANDLER_FAILED"],
    ] as const) {
      expect(await list(eventId)).toMatchObject([{ state: "open", occurrences: 1, code }]);
    }
    expect(runs).toBe(4);
  });

  it("of a fact that fails in both versions' durables", async () => {
    await rig.startInventory({
      orderCreated: () => {
        throw new PermanentError("not today");
      },
    });
    const { eventId, orderId } = await rig.created();
    await rig.createdV2({}, orderId, eventId);
    await rig.entries(eventId, 1);
    await rig.atRest("inventory-orderCreated-v1");
    await rig.atRest("inventory-orderCreated-v2");
    expect(await list(eventId)).toHaveLength(1);
  });
});

describe("a replay", () => {
  it("reaches the consumer that failed and nobody else, and is applied", async () => {
    let broken = true;
    const released: string[] = [];
    const refunded: string[] = [];
    const seen: boolean[] = [];
    await rig.startInventory({
      orderCancelled: ({ order_id }, { delivery }) => {
        if (broken) throw new PermanentError("broken");
        seen.push(delivery.redelivered);
        released.push(order_id);
      },
    });
    await rig.startPayment({ orderCancelled: ({ order_id }) => void refunded.push(order_id) });
    const { eventId, orderId } = await rig.cancelled();
    await rig.entries(eventId, 1);
    await rig.atRest("payment-orderCancelled-v1");
    expect(refunded).toEqual([orderId]);

    broken = false;
    expect(await rig.run("replay", eventId, "--dry-run")).toMatchObject({
      code: 0,
      text: expect.stringMatching(/would be applied/),
    });
    expect(await rig.runWithoutDatabase("replay", eventId, "--dry-run")).toMatchObject({
      code: 0,
      text: expect.stringMatching(/cannot be told: set DATABASE_URL/),
    });
    expect(released).toEqual([]);
    expect(await rig.run("replay", eventId, ...why)).toMatchObject({ code: 0 });
    await rig.atRest("inventory-orderCancelled-v1");
    await rig.atRest("payment-orderCancelled-v1");
    expect(released).toEqual([orderId]);
    expect(refunded).toEqual([orderId]);
    expect(seen).toEqual([true]);
    expect(await list(eventId)).toMatchObject([{ state: "replayed", occurrences: 1 }]);
  });

  it("of an event that was applied meanwhile changes nothing", async () => {
    const applied: string[] = [];
    let broken = true;
    await rig.startInventory({
      orderCreated: ({ order_id }) => {
        if (broken) throw new PermanentError("broken");
        applied.push(order_id);
      },
    });
    const { eventId, orderId } = await rig.created();
    await rig.entries(eventId, 1);
    broken = false;
    await rig.createdV2({}, orderId, eventId);
    await rig.atRest("inventory-orderCreated-v2");
    expect(applied).toEqual([orderId]);

    expect((await rig.run("replay", eventId, "--dry-run")).text).toMatch(/already applied/);
    expect(await rig.run("replay", eventId, ...why)).toMatchObject({ code: 0 });
    await rig.atRest("inventory-orderCreated-v1");
    expect(applied).toEqual([orderId]);
    expect(await list(eventId)).toMatchObject([{ state: "replayed" }]);
  });

  it("of one group by two operators at once does no harm", async () => {
    const applied: string[] = [];
    let broken = true;
    await rig.startInventory({
      orderCreated: ({ order_id }) => {
        if (broken) throw new PermanentError("two of us");
        applied.push(order_id);
      },
    });
    const told = await Promise.all(Array.from({ length: 6 }, () => rig.created()));
    for (const { eventId } of told) await rig.entries(eventId, 1);
    broken = false;
    const [{ fingerprint = "" } = {}] = JSON.parse(
      (await rig.run("show", told[0]?.eventId ?? "", "--json")).text,
    ).letters;
    const both = await Promise.all(
      ["Ann", "Bob"].map((by) => rig.run("replay", "--group", fingerprint, "--by", by, "--why", "both")),
    );
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    await rig.atRest("inventory-orderCreated-v1");
    expect(applied.toSorted()).toEqual(told.map(({ orderId }) => orderId).toSorted());
    expect(await list("--group", fingerprint)).toEqual([]);
  });

  it("is refused for what would fail at once", async () => {
    await rig.startInventory({});
    const { eventId } = await rig.created({ items: [{ product_id: "", quantity: 0 }] });
    await rig.entries(eventId, 1);
    for (const argv of [["--dry-run"], why]) {
      expect(await rig.run("replay", eventId, ...argv)).toMatchObject({
        code: 1,
        text: expect.stringMatching(/still invalid: .*\/items\/0\/quantity must be >= 1/),
      });
    }
    expect(await list(eventId)).toMatchObject([{ state: "open", occurrences: 1 }]);
  });

  it("takes a body that was too large to be kept from where it came, while it is there", async () => {
    let broken = true;
    const applied: string[] = [];
    await rig.startInventory({
      orderCreated: ({ order_id }) => {
        if (broken) throw new PermanentError("too heavy ".repeat(40));
        applied.push(order_id);
      },
    });
    const name = "x".repeat(rig.admin.server.maxPayload - 1_000);
    const { eventId, orderId, sequence } = await rig.created({ items: [{ product_id: name, quantity: 1 }] });
    const [entry] = await rig.entries(eventId, 1);
    expect(entry?.headers["dlq-body-omitted"]).toMatch(/bytes/);
    broken = false;
    expect(await rig.run("replay", eventId, ...why)).toMatchObject({ code: 0 });
    await rig.atRest("inventory-orderCreated-v1");
    expect(applied).toEqual([orderId]);

    await rig.admin.purgeStream("ORDERS", { subject: "orders.created.v1" });
    expect(await rig.run("replay", eventId, "--state", "replayed", "--dry-run")).toMatchObject({
      code: 1,
      text: expect.stringContaining(`was too large to be kept with it, and ORDERS ${sequence} is gone`),
    });
  });
});
