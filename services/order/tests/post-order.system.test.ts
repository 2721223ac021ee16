import { randomUUID } from "node:crypto";
import { request as rawRequest } from "node:http";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { order } from "#generated/services/order.ts";
import { serviceForTest } from "../../../lab/testing/service-harness.ts";
import { createDoor } from "../http.ts";
import { expectProblem, ITEMS, JSON_TYPE, openDoor } from "./door.ts";

const BODY_LIMIT = 4_096;
const service = await serviceForTest(order, new URL("../schema.sql", import.meta.url));
const door = await openDoor(
  await createDoor(service, { bodies: { bytes: BODY_LIMIT, jsonDepth: 32 }, deadlineSeconds: 900 }),
);

async function orders(correlationId: string): Promise<readonly unknown[]> {
  return service.rows("select order_id from orders where correlation_id = $1", [correlationId]);
}

describe("POST /orders", () => {
  it("accepts an order and says where it is", async () => {
    const { status, headers, body } = await door.post(
      { ...ITEMS, customer_id: "c-1" },
      { "X-Correlation-ID": "req-1" },
    );
    expect(status).toBe(202);
    expect(body).toEqual({ order_id: expect.stringMatching(/^[0-9a-f-]{36}$/), status: "processing" });
    expect(headers.get("location")).toBe(`/orders/${body["order_id"]}`);
    expect(headers.get("retry-after")).toBe("1");
    expect(headers.get("x-correlation-id")).toBe("req-1");
    expect(await service.published(String(body["order_id"]))).toMatchObject([
      { event: "orders.created", correlationId: "req-1" },
    ]);
  });

  it("makes a correlation id when there is none", async () => {
    const { headers, body } = await door.post(ITEMS);
    const correlationId = headers.get("x-correlation-id");
    expect(correlationId).toMatch(/^[0-9a-f-]{36}$/);
    expect((await service.published(String(body["order_id"])))[0]?.correlationId).toBe(correlationId);
  });

  it("names every fault of a body with its path", async () => {
    const answer = await door.post({
      items: [{ product_id: "", quantity: 0 }, { quantity: 1.5, colour: "red" }, 7],
      customer_id: 5,
      "a/b~c": 1,
    });
    expectProblem(answer, 400, "BODY_INVALID");
    const faults = (answer.body.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
    expect(faults.sort()).toEqual([
      "/a~1b~0c: is not a property that the contract has",
      "/customer_id: must be string",
      "/items/0/product_id: must NOT have fewer than 1 characters",
      "/items/0/quantity: must be >= 1",
      "/items/1/colour: is not a property that the contract has",
      "/items/1/product_id: is missing",
      "/items/1/quantity: must be integer",
      "/items/2: must be object",
    ]);
    expect(answer.body.detail).toBe("The body does not satisfy the contract: 8 faults.");
  });

  it.each([
    ["no items", { items: [] }, ["/items"]],
    ["nothing", {}, ["/items"]],
    ["null", null, [""]],
    ["an array", [], [""]],
    ["a quantity beyond all measure", { items: [{ product_id: "tea-250", quantity: 1e21 }] }, ["/items/0/quantity"]],
    [
      "a product twice",
      { items: [ITEMS.items[0], { product_id: "cup-white", quantity: 1 }, ITEMS.items[0]] },
      ["/items/2/product_id"],
    ],
    ["a customer that no database holds", { ...ITEMS, customer_id: "a\0b" }, ["/customer_id"]],
  ])("refuses %s", async (_name, body, paths) => {
    const answer = await door.post(body);
    expectProblem(answer, 400, "BODY_INVALID");
    expect(answer.body.errors?.map(({ path }) => path)).toEqual(paths);
  });

  it("refuses products that the catalogue does not have, each with its path", async () => {
    const correlationId = randomUUID();
    const answer = await door.post(
      { items: [...ITEMS.items, { product_id: "moon", quantity: 1 }, { product_id: "__proto__", quantity: 1 }] },
      { "x-correlation-id": correlationId, "idempotency-key": correlationId },
    );
    expectProblem(answer, 422, "PRODUCT_UNKNOWN");
    expect(answer.body.errors?.map(({ path }) => path)).toEqual(["/items/1/product_id", "/items/2/product_id"]);
    expect(await orders(correlationId)).toEqual([]);
    expect((await door.post(ITEMS, { "idempotency-key": correlationId })).status).toBe(202);
  });

  it("reports a hundred faults at most", async () => {
    const answer = await door.post(Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`p${n}`, n])));
    expectProblem(answer, 400, "BODY_INVALID");
    expect(answer.body.errors).toHaveLength(100);
    expect(answer.body.detail).toContain("100 or more faults");
  });

  const json = JSON_TYPE;
  it.each([
    ["no JSON", "{", json, 400, "BODY_NOT_JSON"],
    ["an empty body", "", json, 400, "BODY_NOT_JSON"],
    ["two JSON texts", "{}{}", json, 400, "BODY_NOT_JSON"],
    ["a comment", "{/* */}", json, 400, "BODY_NOT_JSON"],
    ["bytes that are not UTF-8", new Uint8Array([0x7b, 0xff, 0x7d]), json, 400, "BODY_NOT_JSON"],
    ["a key that poisons prototypes", '{"__proto__":{"items":[]}}', json, 400, "BODY_INVALID"],
    ["a constructor", '{"constructor":{"prototype":{"items":[]}}}', json, 400, "BODY_INVALID"],
    ["deep nesting", `${"[".repeat(2_000)}${"]".repeat(2_000)}`, json, 400, "BODY_NOT_JSON"],
    ["a huge number", '{"items":[{"product_id":"tea-250","quantity":1e999}]}', json, 400, "BODY_INVALID"],
    [
      "another type",
      "items=1",
      { "content-type": "application/x-www-form-urlencoded" },
      415,
      "CONTENT_TYPE_UNSUPPORTED",
    ],
    [
      "a type that only begins like JSON",
      "{}",
      { "content-type": "application/json-seq" },
      415,
      "CONTENT_TYPE_UNSUPPORTED",
    ],
    ["plain text", "{}", { "content-type": "text/plain" }, 415, "CONTENT_TYPE_UNSUPPORTED"],
    ["a compressed body", "{}", { ...json, "content-encoding": "gzip" }, 415, "CONTENT_ENCODING_UNSUPPORTED"],
    ["a body over the limit", JSON.stringify({ x: "x".repeat(BODY_LIMIT) }), json, 413, "BODY_TOO_LARGE"],
    ["a correlation id with a space", "{}", { ...json, "x-correlation-id": "a b" }, 400, "HEADERS_INVALID"],
    [
      "a correlation id that is too long",
      "{}",
      { ...json, "x-correlation-id": "x".repeat(129) },
      400,
      "HEADERS_INVALID",
    ],
    ["an empty idempotency key", "{}", { ...json, "idempotency-key": "" }, 400, "HEADERS_INVALID"],
    ["an idempotency key beyond ASCII", "{}", { ...json, "idempotency-key": "clé" }, 400, "HEADERS_INVALID"],
  ] as const)("refuses %s", async (_name, body, headers, status, code) => {
    expectProblem(await door.send("POST", "/orders", body, headers), status, code);
  });

  it("says where a body stops being JSON", async () => {
    const answer = await door.send("POST", "/orders", '{"items": oops}', json);
    expect(answer.body.detail).toBe("The body is not JSON that can be read: line 1, column 11: a value expected.");
  });

  it("names the header that is malformed, and answers under an id of its own making", async () => {
    const answer = await door.post(ITEMS, { "x-correlation-id": "a b" });
    expect(answer.body.errors).toEqual([{ path: "x-correlation-id", message: expect.stringContaining("pattern") }]);
    expect(answer.headers.get("x-correlation-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("refuses a header that comes twice", async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = ["Host", "x", "Content-Type", "application/json", "Idempotency-Key", "a", "Idempotency-Key", "b"];
      const call = rawRequest(`${door.url}/orders`, { method: "POST", headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.once("error", reject);
      call.end(JSON.stringify(ITEMS));
    });
    expect(status).toBe(400);
  });

  it("takes a charset after the type, and a body in pieces", async () => {
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of new TextEncoder().encode(JSON.stringify(ITEMS))) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const response = await fetch(`${door.url}/orders`, {
      method: "POST",
      headers: { "content-type": "Application/JSON; charset=utf-8" },
      body: pieces,
      duplex: "half",
    });
    expect(response.status).toBe(202);
  });

  it("stores nothing for a caller that goes away in the middle of its body", async () => {
    const before = await service.rows("select count(*) from orders");
    const socket = connect(Number(new URL(door.url).port), "127.0.0.1");
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.write("POST /orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    socket.end();
    socket.resume();
    await closed;
    expect(await service.rows("select count(*) from orders")).toEqual(before);
    expect((await door.post(ITEMS)).status).toBe(202);
  });
});
