import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createDependency, type DependencyOptions } from "@tandem/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startGateway, type RunningGateway } from "../../lab/gateway/gateway.ts";
import { createGateway, type Gateway } from "./gateway.ts";

const PRICE = { amount: 900, currency: "EUR" } as const;
const { signal } = new AbortController();

let fake: RunningGateway;
beforeEach(async () => {
  fake = await startGateway();
  // The first fetch of a process takes long enough to look like a gateway that does not answer.
  await fetch(`${fake.url}/health`);
});
afterEach(() => fake.stop());

/** For gateways that are not going to answer; long enough for those that are. */
const IMPATIENT = { timeoutMs: 250 };

function connect(options: Partial<DependencyOptions> = {}, url = fake.url): Gateway {
  return createGateway(
    url,
    createDependency("gateway", { timeoutMs: 10_000, retries: 2, breakAfter: 50, halfOpenAfterMs: 60_000, ...options }),
  );
}

function kinds(orderId: string): string[] {
  return fake.entries.filter(({ key }) => key === orderId).map(({ kind }) => kind);
}

describe("charging", () => {
  it("takes the price under the order's id", async () => {
    const orderId = randomUUID();
    const answer = await connect().charge(orderId, PRICE, false, signal);
    expect(answer).toEqual({ status: "captured", chargeId: expect.stringMatching(/^ch_/), amount: PRICE });
    expect(fake.calls).toEqual({ charge: 1, find: 0, refund: 0 });
  });

  it.each([
    ["declined", undefined],
    ["expired", "expired"],
  ] as const)("answers %s when the card says so", async (reason, told) => {
    fake.behave({ mode: "decline", ...(told ? { reason: told } : {}) });
    expect(await connect().charge(randomUUID(), PRICE, false, signal)).toEqual({ status: "declined", reason });
    expect(fake.calls.charge).toBe(1);
  });

  it("tries again when the gateway fails, asking first what became of the try", async () => {
    const orderId = randomUUID();
    fake.behave({ mode: "error", operations: ["charge"], times: 1 });
    expect(await connect().charge(orderId, PRICE, false, signal)).toMatchObject({ status: "captured" });
    expect(fake.calls).toEqual({ charge: 2, find: 1, refund: 0 });
    expect(kinds(orderId)).toEqual(["captured"]);
  });

  it("asks a gateway that took the money and did not answer, and takes it once", async () => {
    const orderId = randomUUID();
    fake.behave({ mode: "lie", times: 1 });
    const answer = await connect(IMPATIENT).charge(orderId, PRICE, false, signal);
    expect(answer).toMatchObject({ status: "captured", amount: PRICE });
    expect(fake.calls.charge).toBe(1);
    expect(kinds(orderId)).toEqual(["captured"]);
  });

  it("asks a gateway that took the money and answered that it failed, and takes it once", async () => {
    const orderId = randomUUID();
    fake.behave({ mode: "lie", status: 500, times: 1 });
    expect(await connect().charge(orderId, PRICE, false, signal)).toMatchObject({ status: "captured", amount: PRICE });
    expect(fake.calls).toEqual({ charge: 1, find: 1, refund: 0 });
    expect(kinds(orderId)).toEqual(["captured"]);
  });

  it("gives up on a gateway that hangs", async () => {
    const orderId = randomUUID();
    fake.behave({ mode: "hang" });
    await expect(connect({ ...IMPATIENT, retries: 1 }).charge(orderId, PRICE, false, signal)).rejects.toMatchObject({
      code: "DEPENDENCY_TIMEOUT",
      failureClass: "transient",
    });
    expect(kinds(orderId)).toEqual([]);
  });

  it("remembers that a try got no answer, and asks first in the next call", async () => {
    const orderId = randomUUID();
    const gateway = connect({ ...IMPATIENT, retries: 0 });
    fake.behave({ mode: "lie", times: 1 });
    await expect(gateway.charge(orderId, PRICE, false, signal)).rejects.toMatchObject({ code: "DEPENDENCY_TIMEOUT" });
    expect(await gateway.charge(orderId, PRICE, false, signal)).toMatchObject({ status: "captured" });
    expect(fake.calls).toEqual({ charge: 1, find: 1, refund: 0 });
  });

  it("asks first when the event was delivered before: another process may have charged", async () => {
    const orderId = randomUUID();
    await connect().charge(orderId, PRICE, false, signal);
    expect(await connect().charge(orderId, PRICE, true, signal)).toMatchObject({ status: "captured" });
    expect(fake.calls).toEqual({ charge: 1, find: 1, refund: 0 });
  });

  it("takes the money once when two processes charge at the same time", async () => {
    const orderId = randomUUID();
    fake.behave({ mode: "slow", delayMs: 20 });
    const answers = await Promise.all([0, 1].map(() => connect().charge(orderId, PRICE, false, signal)));
    expect(answers[0]).toEqual(answers[1]);
    expect(kinds(orderId)).toEqual(["captured"]);
  });

  it("is refused for good where the gateway refuses the request itself", async () => {
    const orderId = randomUUID();
    await connect().charge(orderId, PRICE, false, signal);
    const other = connect().charge(orderId, { amount: 901, currency: "EUR" }, false, signal);
    await expect(other).rejects.toMatchObject({
      code: "PERMANENT",
      message: expect.stringContaining("another amount"),
    });
    expect(kinds(orderId)).toEqual(["captured"]);
  });

  it("leaves the gateway alone when it keeps failing", async () => {
    fake.behave({ mode: "error", status: 503 });
    const gateway = connect({ retries: 0, breakAfter: 2 });
    const charge = () => gateway.charge(randomUUID(), PRICE, false, signal);
    await expect(charge()).rejects.toThrow("The gateway answered 503");
    await expect(charge()).rejects.toMatchObject({ code: "DEPENDENCY_DOWN", failureClass: "unavailable" });
    await expect(charge()).rejects.toMatchObject({ code: "DEPENDENCY_DOWN" });
    expect(fake.calls.charge).toBe(2);
  });

  it("does not count a decline or a refusal against the gateway", async () => {
    fake.behave({ mode: "decline", times: 3 }, { mode: "error", status: 422, times: 3 });
    const gateway = connect({ retries: 0, breakAfter: 1 });
    for (let n = 0; n < 3; n += 1) {
      expect(await gateway.charge(randomUUID(), PRICE, false, signal)).toMatchObject({ status: "declined" });
    }
    for (let n = 0; n < 3; n += 1) {
      await expect(gateway.charge(randomUUID(), PRICE, false, signal)).rejects.toMatchObject({ code: "PERMANENT" });
    }
    expect(await gateway.charge(randomUUID(), PRICE, false, signal)).toMatchObject({ status: "captured" });
  });
});

describe("releasing", () => {
  it("gives back what was taken, once", async () => {
    const [orderId, gateway] = [randomUUID(), connect()];
    await gateway.charge(orderId, PRICE, false, signal);
    expect(await gateway.release(orderId, signal)).toMatchObject({ status: "refunded", amount: PRICE });
    expect(await gateway.release(orderId, signal)).toMatchObject({ status: "refunded" });
    expect(kinds(orderId)).toEqual(["captured", "refunded"]);
  });

  it("closes the key when nothing was taken: a charge still on its way takes nothing", async () => {
    const [orderId, gateway] = [randomUUID(), connect()];
    fake.behave({ mode: "slow", delayMs: 500, operations: ["charge"], times: 1 });
    const late = gateway.charge(orderId, PRICE, false, signal);
    await expect.poll(() => fake.calls.charge, { interval: 5 }).toBe(1);
    expect(await gateway.release(orderId, signal)).toEqual({ status: "voided" });
    expect(await late).toEqual({ status: "voided" });
    expect(kinds(orderId)).toEqual(["voided"]);
  });

  it("is repeated when the gateway gives back and does not answer", async () => {
    const [orderId, gateway] = [randomUUID(), connect(IMPATIENT)];
    await gateway.charge(orderId, PRICE, false, signal);
    fake.behave({ mode: "lie", operations: ["refund"], times: 1 });
    expect(await gateway.release(orderId, signal)).toMatchObject({ status: "refunded" });
    expect(kinds(orderId)).toEqual(["captured", "refunded"]);
  });
});

it.each([
  ["a page in HTML", 200, "<h1>Welcome</h1>"],
  ["a capture without an amount", 201, '{"status":"captured","charge_id":"ch_1"}'],
  ["a capture of nothing", 201, '{"status":"captured","charge_id":"ch_1","amount":{"amount":0,"currency":"EUR"}}'],
  [
    "a capture in a currency that the contract does not have",
    201,
    '{"status":"captured","charge_id":"ch_1","amount":{"amount":1,"currency":"XXX"}}',
  ],
  ["a state that nobody knows", 200, '{"status":"perhaps"}'],
  ["wrong credentials", 401, "{}"],
  ["a path that is not there", 404, "{}"],
  ["a redirect", 302, ""],
])("takes %s for a failure of the gateway, not for an answer", async (_name, status, text) => {
  let calls = 0;
  const odd = createServer((_request, response) => {
    calls += 1;
    response.writeHead(status, { location: "/elsewhere" }).end(text);
  });
  await new Promise<void>((resolve) => odd.listen(0, "127.0.0.1", resolve));
  try {
    const address = odd.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const gateway = connect({ retries: 1, breakAfter: 2 }, `http://127.0.0.1:${port}/`);
    await expect(gateway.release(randomUUID(), signal)).rejects.toMatchObject({ code: "DEPENDENCY_DOWN" });
    expect(calls).toBe(2);
  } finally {
    odd.closeAllConnections();
    await new Promise((resolve) => odd.close(resolve));
  }
});
