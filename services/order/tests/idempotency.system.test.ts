import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { order } from "#generated/services/order.ts";
import { serviceForTest } from "../../../lab/testing/service-harness.ts";
import { createDoor } from "../http.ts";
import { expectProblem, ITEMS, JSON_TYPE, openDoor } from "./door.ts";

const service = await serviceForTest(order, new URL("../schema.sql", import.meta.url));
const door = await openDoor(
  await createDoor(service, { bodies: { bytes: 4_096, jsonDepth: 32 }, deadlineSeconds: 900 }),
);

async function orders(correlationId: string): Promise<readonly unknown[]> {
  return service.rows("select order_id from orders where correlation_id = $1", [correlationId]);
}

describe("the Idempotency-Key", () => {
  it("answers the same order to the same body, however its JSON is laid out", async () => {
    const key = randomUUID();
    const first = await door.post({ ...ITEMS, customer_id: "c" }, { "idempotency-key": key });
    const laidOutOtherwise = '{ "customer_id": "c", "items": [ { "quantity": 2.0, "product_id": "tea-250" } ] }';
    const second = await door.send("POST", "/orders", laidOutOtherwise, { ...JSON_TYPE, "idempotency-key": key });
    expect(second.status).toBe(202);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
    expect(await service.published(String(first.body["order_id"]))).toHaveLength(1);
  });

  it("refuses another body", async () => {
    const key = randomUUID();
    await door.post(ITEMS, { "idempotency-key": key });
    for (const other of [{ items: [{ product_id: "tea-250", quantity: 3 }] }, { ...ITEMS, customer_id: "c" }]) {
      expectProblem(await door.post(other, { "idempotency-key": key }), 422, "IDEMPOTENCY_KEY_REUSED");
    }
  });

  it("makes one order of twenty requests that come at once", async () => {
    const [key, correlationId] = [randomUUID(), randomUUID()];
    const headers = { "idempotency-key": key, "x-correlation-id": correlationId };
    const answers = await Promise.all(Array.from({ length: 20 }, () => door.post(ITEMS, headers)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 202));
    expect(new Set(answers.map(({ body }) => body["order_id"])).size).toBe(1);
    expect(await orders(correlationId)).toHaveLength(1);
    expect(await service.published(String(answers[0]?.body["order_id"]))).toHaveLength(1);
  });

  it("accepts one of two bodies that come at once", async () => {
    const key = randomUUID();
    const bodies = Array.from({ length: 10 }, (_, n) => ({
      items: [{ product_id: "tea-250", quantity: 1 + (n % 2) }],
    }));
    const statuses = (await Promise.all(bodies.map((body) => door.post(body, { "idempotency-key": key })))).map(
      ({ status }) => status,
    );
    expect(statuses.toSorted((a, b) => a - b)).toEqual([202, 202, 202, 202, 202, 422, 422, 422, 422, 422]);
  });

  it("is free again when the request that came first fails, and tells those who waited too long", async () => {
    const key = randomUUID();
    const inTheWay = service.transact({ correlationId: "c", causationId: "c" }, async ({ tx }) => {
      await tx.query("insert into idempotency_keys (key, fingerprint, order_id) values ($1, 'f', $2)", [
        key,
        randomUUID(),
      ]);
      const late = await door.post(ITEMS, { "idempotency-key": key });
      expectProblem(late, 409, "IDEMPOTENCY_KEY_IN_PROGRESS");
      expect(late.headers.get("retry-after")).toBe("1");
      throw new Error("the first request fails");
    });
    await expect(inTheWay).rejects.toThrow("the first request fails");
    expect((await door.post(ITEMS, { "idempotency-key": key })).status).toBe(202);
  });
});
