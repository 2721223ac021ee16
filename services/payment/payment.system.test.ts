import { randomUUID } from "node:crypto";
import { createDependency, type DependencyOptions } from "@tandem/runtime";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { payment, type PaymentHandlers } from "#generated/services/payment.ts";
import { startGateway } from "../../lab/gateway/gateway.ts";
import { received, serviceForTest } from "../../lab/testing/service-harness.ts";
import { createGateway } from "./gateway.ts";
import { paymentHandlers } from "./handlers.ts";

const PRICE = { amount: 900, currency: "EUR" } as const;

const service = await serviceForTest(payment, new URL("./schema.sql", import.meta.url));
const fake = await startGateway();
afterAll(() => fake.stop());
beforeEach(() => fake.behave());

/** Handlers as a process of its own has them. */
function startedProcess(options: Partial<DependencyOptions> = {}): PaymentHandlers {
  const patience = { timeoutMs: 10_000, retries: 0, breakAfter: 50, halfOpenAfterMs: 60_000, ...options };
  return paymentHandlers(createGateway(fake.url, createDependency("gateway", patience)));
}

const { orderPayable, orderCancelled } = startedProcess();
/** For gateways that are not going to answer. */
const { orderPayable: impatiently } = startedProcess({ timeoutMs: 200 });

const payable = (order_id: string, attempt = 1, handler = orderPayable) =>
  service.handle(handler, received("v1", { order_id, total: PRICE }), { attempt, redelivered: attempt > 1 });
type Reason = "deadline_passed" | "insufficient_stock" | "payment_failed";
const cancelled = (order_id: string, reason: Reason = "deadline_passed") =>
  service.handle(orderCancelled, received("v1", { order_id, reason }));

function ledger(order_id: string): string[] {
  return fake.entries.filter(({ key }) => key === order_id).map(({ kind }) => kind);
}

async function published(order_id: string): Promise<string[]> {
  return (await service.published(order_id)).map(({ event }) => event);
}

async function state(order_id: string): Promise<unknown> {
  return (await service.rows("select state from charges where order_id = $1", [order_id]))[0]?.["state"];
}

describe("orders.payable", () => {
  it("takes the price and says so", async () => {
    const order_id = randomUUID();
    await payable(order_id);
    expect(await service.published(order_id)).toMatchObject([
      { event: "payments.succeeded", payload: { order_id, amount: PRICE, charge_id: expect.stringMatching(/^ch_/) } },
    ]);
    expect(ledger(order_id)).toEqual(["captured"]);
  });

  it("says that the payment failed when the gateway declines", async () => {
    const order_id = randomUUID();
    fake.behave({ mode: "decline", reason: "expired" });
    await payable(order_id);
    expect(await service.published(order_id)).toMatchObject([
      { event: "payments.failed", payload: { order_id, reason: "expired" } },
    ]);
  });

  it.each(["captured", "declined"])("is answered once, however often it comes after it was %s", async (outcome) => {
    const order_id = randomUUID();
    if (outcome === "declined") fake.behave({ mode: "decline" });
    await payable(order_id);
    await payable(order_id);
    await payable(order_id, 3);
    expect(await published(order_id)).toHaveLength(1);
    expect(ledger(order_id)).toEqual([outcome]);
  });

  it("is answered once when it comes many times at once", async () => {
    const order_id = randomUUID();
    await Promise.all(Array.from({ length: 8 }, () => payable(order_id)));
    expect(await published(order_id)).toEqual(["payments.succeeded"]);
    expect(ledger(order_id)).toEqual(["captured"]);
  });

  it("keeps nothing of a try that got no answer, and asks before the next one", async () => {
    const order_id = randomUUID();
    fake.behave({ mode: "lie", times: 1 });
    await expect(payable(order_id, 1, impatiently)).rejects.toMatchObject({ code: "DEPENDENCY_TIMEOUT" });
    expect(await state(order_id)).toBeUndefined();
    const before = fake.calls.charge;
    await payable(order_id, 2, startedProcess().orderPayable);
    expect(fake.calls.charge).toBe(before);
    expect(await published(order_id)).toEqual(["payments.succeeded"]);
    expect(ledger(order_id)).toEqual(["captured"]);
  });

  it("is held, not given up, while the breaker is open", async () => {
    fake.behave({ mode: "error" });
    const { orderPayable: impatient } = startedProcess({ breakAfter: 1 });
    await expect(payable(randomUUID(), 1, impatient)).rejects.toMatchObject({ failureClass: "unavailable" });
  });

  it("is refused for good when the gateway took another amount", async () => {
    const order_id = randomUUID();
    await fetch(`${fake.url}/charges`, {
      method: "POST",
      headers: { "idempotency-key": order_id },
      body: JSON.stringify({ amount: 1, currency: "EUR" }),
    });
    await expect(payable(order_id, 2)).rejects.toMatchObject({
      code: "PERMANENT",
      message: expect.stringContaining("1 EUR"),
    });
    expect(await published(order_id)).toEqual([]);
  });
});

describe("orders.cancelled", () => {
  it("gives back what was taken, once", async () => {
    const order_id = randomUUID();
    await payable(order_id);
    await cancelled(order_id);
    await cancelled(order_id);
    expect(await service.published(order_id)).toMatchObject([
      { event: "payments.succeeded" },
      { event: "payments.refunded", payload: { order_id, amount: PRICE, charge_id: expect.stringMatching(/^ch_/) } },
    ]);
    expect(ledger(order_id)).toEqual(["captured", "refunded"]);
  });

  it("that comes first leaves a tombstone: nothing is charged afterwards", async () => {
    const order_id = randomUUID();
    await cancelled(order_id);
    await payable(order_id);
    expect(await published(order_id)).toEqual([]);
    expect(ledger(order_id)).toEqual(["voided"]);
  });

  it("for lack of stock bothers no gateway", async () => {
    const order_id = randomUUID();
    fake.behave({ mode: "error" });
    await cancelled(order_id, "insufficient_stock");
    expect(await state(order_id)).toBe("cancelled");
    await payable(order_id);
    expect(ledger(order_id)).toEqual([]);
  });

  it("after a failed payment has nothing to give back", async () => {
    const order_id = randomUUID();
    fake.behave({ mode: "decline" });
    await payable(order_id);
    await cancelled(order_id, "payment_failed");
    expect(await published(order_id)).toEqual(["payments.failed"]);
    expect(ledger(order_id)).toEqual(["declined"]);
  });

  it("gives back what was taken by a run that died before its commit", async () => {
    const order_id = randomUUID();
    fake.behave({ mode: "lie", times: 1 });
    await expect(payable(order_id, 1, impatiently)).rejects.toMatchObject({ code: "DEPENDENCY_TIMEOUT" });
    await cancelled(order_id);
    await payable(order_id, 2);
    expect(await published(order_id)).toEqual(["payments.refunded"]);
    expect(ledger(order_id)).toEqual(["captured", "refunded"]);
  });

  it("stops a charge that is still on its way", async () => {
    const order_id = randomUUID();
    fake.behave({ mode: "slow", operations: ["charge"], delayMs: 60_000, times: 1 });
    await expect(payable(order_id, 1, impatiently)).rejects.toMatchObject({ code: "DEPENDENCY_TIMEOUT" });
    await cancelled(order_id);
    await payable(order_id, 2);
    expect(ledger(order_id)).toEqual(["voided"]);
  });

  it("that died between the refund and its commit is finished when it comes again", async () => {
    const order_id = randomUUID();
    await fetch(`${fake.url}/charges/${order_id}/refund`, { method: "POST" });
    await payable(order_id);
    expect(await published(order_id)).toEqual([]);
    expect(await state(order_id)).toBe("open");
    await cancelled(order_id);
    expect(await state(order_id)).toBe("cancelled");
    expect(ledger(order_id)).toEqual(["voided"]);
  });

  it("that comes together with the charge leaves no money taken, whoever is first", async () => {
    const orders = Array.from({ length: 10 }, () => randomUUID());
    await Promise.all(orders.flatMap((id) => [payable(id), cancelled(id)]));
    for (const id of orders) expect([["voided"], ["captured", "refunded"]]).toContainEqual(ledger(id));
  });
});
