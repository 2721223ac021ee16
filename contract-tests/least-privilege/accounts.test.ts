/** One account for all services, and one for each: where an answer may be sent to. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAdmin, type Admin } from "@tandem/runtime/admin";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DemoOrder, ORDERS } from "../../lab/demo/orders.ts";
import { decided, placeOrder } from "../../lab/demo/shop.ts";
import { startSecuredBroker, type SecuredBroker } from "../../lab/secured/secured-broker.ts";
import { startSystem, type System } from "../../lab/system/system.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest } from "../../lab/testing/servers.ts";
import { seedFile } from "../../ops/keys/key-folder.ts";
import { BORROWED_API } from "../../ops/permissions/accounts-config.ts";
import { inboxOf } from "../../ops/permissions/identities.ts";
import { readTopology } from "../../ops/topology.ts";
import { logIn } from "./attempts.ts";

const topology = readTopology(new URL("../../generated/topology.json", import.meta.url).pathname);
const database = await databaseForTest();

const TEA: DemoOrder = {
  label: "tea",
  asked: "1 packet of tea",
  items: [{ product_id: "tea-250", quantity: 1 }],
  sent: 1,
  expected: { status: "confirmed" },
};

describe.each(["one", "each"] as const)("accounts: %s", (accounts) => {
  let directory: string;
  let broker: SecuredBroker;
  let system: System;
  let admin: Admin;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "tandem-accounts-"));
    broker = await startSecuredBroker(topology, directory, { accounts });
    const services = ["order", "inventory", "payment"];
    system = await startSystem({
      natsUrl: broker.urlOf("provisioner"),
      databaseUrl: database.url,
      directory,
      env: Object.fromEntries(services.map((name) => [name, { NATS_URL: broker.urlOf(name) }])),
    });
    admin = await openAdmin({ servers: [broker.urlOf("observer")] });
  }, 60_000);
  afterAll(async () => {
    await admin?.close();
    await system?.stop();
    await broker?.server.stop();
    await rm(directory, { recursive: true, force: true });
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

    const { keys, ca, server } = broker;
    const seed = seedFile(keys, "inventory");
    const inventory = await logIn({ port: server.port, ca, seed, inbox: inboxOf("inventory") });
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
