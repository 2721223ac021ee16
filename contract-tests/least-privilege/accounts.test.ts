/** One account for all services, and one for each: where an answer may be sent to. */
import { openAdmin, type Admin } from "@tandem/runtime/admin";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ORDERS } from "../../lab/demo/orders.ts";
import { decided, placeOrder } from "../../lab/demo/shop.ts";
import type { System } from "../../lab/system/system.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest } from "../../lab/testing/servers.ts";
import { BORROWED_API } from "../../ops/permissions/accounts-config.ts";
import { type SecuredSystem, startSecuredSystem, TEA } from "./secured-system.ts";

const database = await databaseForTest();

describe.each(["one", "each"] as const)("accounts: %s", (accounts) => {
  let secured: SecuredSystem;
  let system: System;
  let admin: Admin;

  beforeAll(async () => {
    secured = await startSecuredSystem(database.url, { accounts });
    system = secured.system;
    admin = await openAdmin({ servers: [secured.broker.urlOf("observer")] });
  }, 60_000);
  afterAll(async () => {
    await admin?.close();
    await secured?.stop();
  });

  const messagesIn = async (stream: string): Promise<number> => (await admin.stream(stream))?.messages ?? 0;

  it("orders come to their end", async () => {
    for (const order of ORDERS.slice(0, 2)) {
      const placed = await placeOrder(system.url, order, `${accounts}-${order.label}`);
      expect(await decided(system.url, placed, 20_000)).toMatchObject({ status: order.expected.status });
    }
  });

  const inOneAccount = accounts === "one";
  it(`a message that inventory may read ${inOneAccount ? "can" : "cannot"} be delivered into a stream that it may not write`, async () => {
    await system.services["inventory"]?.process.stop();
    const before = { orders: await messagesIn("ORDERS"), payments: await messagesIn("PAYMENTS") };
    const placed = await placeOrder(system.url, TEA, `${accounts}-forged`);
    await eventually(async () => (await messagesIn("ORDERS")) > before.orders);

    const inventory = await secured.intruder("inventory");
    const api = inOneAccount ? "$JS.API" : BORROWED_API;
    const pull = `${api}.CONSUMER.MSG.NEXT.ORDERS.inventory-orderCreated-v2`;
    expect(await inventory.publish(pull, `{"batch":1}`, "payments.succeeded.v1")).toBe(false);
    await inventory.close();
    if (inOneAccount) {
      await eventually(async () => (await messagesIn("PAYMENTS")) > before.payments);
      return;
    }
    // The message is where it was, for whom it is; and what PAYMENTS has more is the payment.
    await system.startReplica("inventory");
    expect(await decided(system.url, placed, 20_000)).toMatchObject({ status: "confirmed" });
    expect(await messagesIn("PAYMENTS")).toBe(before.payments + 1);
  });
});
