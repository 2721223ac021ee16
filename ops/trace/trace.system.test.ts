import { randomUUID } from "node:crypto";
import { expect, it, onTestFinished } from "vitest";
import { startSystem } from "../../lab/system/system.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { letterRig } from "../../lab/testing/letters-rig.ts";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { traceCommand } from "./command.ts";

const nats = await natsForTest();
const database = await databaseForTest();

it("tells an order from its request to its end, by its id, its conversation and one of its events", async () => {
  const system = await startSystem({
    natsUrl: nats.url,
    databaseUrl: database.url,
    directory: await scratchDirectory(),
  });
  try {
    const correlationId = `c-${randomUUID()}`;
    const response = await fetch(`${system.url}/orders`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-correlation-id": correlationId,
        "idempotency-key": randomUUID(),
      },
      body: JSON.stringify({ items: [{ product_id: "tea-250", quantity: 1 }] }),
    });
    expect(response.status).toBe(202);
    const { order_id: orderId } = (await response.json()) as { order_id: string };
    await eventually(async () => {
      const { printed } = await trace(orderId);
      return /inventory applied it as v1 in \d+ runs?\n[^\n]*reservation is sold/.test(printed);
    });

    const { code, printed } = await trace(orderId);
    expect(code).toBe(0);
    expect(printed).toContain(`conversation ${correlationId}`);
    expect(printed).toContain("order: POST /orders accepted");
    const told = [...printed.matchAll(/ published (\S+) of/g)].map(([, event]) => event);
    expect(told).toEqual([
      "orders.created",
      "inventory.reserved",
      "orders.payable",
      "payments.succeeded",
      "orders.confirmed",
    ]);
    // Each hangs deeper than what caused it.
    const depths = [...printed.matchAll(/^([│ ]*)[├└]─ \S+ \S+ \S+ published/gm)].map(
      ([, indent = ""]) => indent.length,
    );
    expect(depths).toEqual(depths.toSorted((one, other) => one - other));
    expect(printed).toContain("charge is captured");

    expect((await trace(correlationId)).printed).toBe(printed);
    const { conversations } = await trace(orderId, "--json");
    const eventId = conversations[0]?.events[0]?.eventId ?? "";
    expect((await trace(eventId)).printed).toBe(printed);
    expect(await trace("nobody")).toMatchObject({
      code: 1,
      printed: expect.stringContaining('Nothing is known of "nobody"'),
    });
  } finally {
    expect(await system.stop()).toEqual([]);
  }
});

it("tells how many runs an event took", async () => {
  const rig = await letterRig({ natsUrl: nats.url, databaseUrl: database.url });
  onTestFinished(() => rig.close());
  let runs = 0;
  await rig.startInventory({
    orderCancelled: () => {
      runs += 1;
      if (runs < 3) throw new Error("the shelf is being counted");
    },
  });
  const order = await rig.startOrder();
  const orderId = randomUUID();
  await order.context.transact({ correlationId: "c-runs", causationId: "c-runs" }, async ({ publish }) => {
    publish.orderCancelled({ order_id: orderId, reason: "deadline_passed" });
  });
  await eventually(async () => (await trace(orderId)).printed.includes("inventory applied it as"));
  expect((await trace(orderId)).printed).toMatch(/inventory applied it as v1 in 3 runs$/m);
  const [conversation] = (await trace(orderId, "--json")).conversations;
  expect(conversation?.events[0]?.readers).toContainEqual(
    expect.objectContaining({ service: "inventory", outcome: "applied", runs: 3 }),
  );
});

async function trace(subject: string, ...more: string[]) {
  const lines: string[] = [];
  const env = { NATS_URL: nats.url, DATABASE_URL: database.url };
  const code = await traceCommand.run([subject, ...more], { env, print: (text) => void lines.push(text) });
  const printed = lines.join("\n");
  const conversations: { events: { eventId: string; readers: object[] }[] }[] = more.includes("--json")
    ? JSON.parse(printed)
    : [];
  return { code, printed, conversations };
}
