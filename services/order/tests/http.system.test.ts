import { randomUUID } from "node:crypto";
import { METHODS, request } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { orderPayableV1 } from "#generated/events/order-payable/v1.ts";
import { order } from "#generated/services/order.ts";
import { received, serviceForTest, serviceWithoutDatabase } from "../../../lab/testing/service-harness.ts";
import { orderHandlers } from "../handlers.ts";
import { createDoor } from "../http.ts";
import { expectProblem, ITEMS, JSON_TYPE, openDoor } from "./door.ts";

const settings = { bodies: { bytes: 4_096, jsonDepth: 32 }, deadlineSeconds: 900 };
const service = await serviceForTest(order, new URL("../schema.sql", import.meta.url));
const door = await openDoor(await createDoor(service, settings));

describe("GET /orders/{order_id}", () => {
  it("tells how far an order has come, with its history", async () => {
    const order_id = String((await door.post(ITEMS)).body["order_id"]);
    const missing = [{ product_id: "tea-250", wanted: 2, available: 1 }];
    await service.handle(orderHandlers.inventoryRejected, received("v1", { order_id, missing }));
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/);
    const { status, body, headers } = await door.send("GET", `/orders/${order_id.toUpperCase()}`, undefined, {
      "x-correlation-id": "me",
    });
    expect(status).toBe(200);
    expect(headers.get("x-correlation-id")).toBe("me");
    expect(body).toEqual({
      order_id,
      status: "cancelled",
      reason: "insufficient_stock",
      total: { amount: 900, currency: "EUR" },
      history: [
        { at, event: "orders.created" },
        { at, event: "inventory.rejected" },
        { at, event: "orders.cancelled" },
      ],
    });
  });

  it.each([
    ["an order that is not there", `/orders/${randomUUID()}`, 404, "ORDER_UNKNOWN"],
    ["what is no order id", "/orders/42", 400, "PATH_INVALID"],
    ["a very long id", `/orders/${"x".repeat(500)}`, 404, "NOT_FOUND"],
    ["a path that is no URL", "/orders/%E0%A4%A", 400, "PATH_INVALID"],
    ["a path that is not there", "/order", 404, "NOT_FOUND"],
    ["an id with more behind it", `/orders/${randomUUID()}/lines`, 404, "NOT_FOUND"],
  ])("refuses %s", async (_name, path, status, code) => {
    expectProblem(await door.send("GET", path), status, code);
  });
});

it.each([
  ["GET", "/orders", "POST"],
  ["DELETE", "/orders", "POST"],
  ["PUT", "/orders", "POST"],
  ["OPTIONS", "/orders", "POST"],
  ["POST", `/orders/${randomUUID()}`, "GET, HEAD"],
  ["DELETE", `/orders/${randomUUID()}`, "GET, HEAD"],
])("answers 405 to %s %s, and says what is allowed", async (method, path, allow) => {
  const answer = await door.send(method, path, method === "PUT" || method === "POST" ? "no json" : undefined);
  expectProblem(answer, 405, "METHOD_NOT_ALLOWED");
  expect(answer.headers.get("allow")).toBe(allow);
});

it.each([
  ["/orders", "POST"],
  [`/orders/${randomUUID()}`, "GET, HEAD"],
  [orderPayableV1.dataschema ?? "", "GET, HEAD"],
])("answers 405 to every other method on %s, also to those that nobody sends", async (path, allow) => {
  // CONNECT asks for a tunnel: it is answered before there is a path.
  const others = METHODS.filter((method) => method !== "CONNECT" && !allow.split(", ").includes(method));
  expect(others).toEqual(expect.arrayContaining(["PROPFIND", "QUERY", "TRACE"]));
  for (const method of others) {
    const answer = await askWith(method, path);
    const { code } = JSON.parse(answer.text || '{"code":"none: an answer to HEAD"}') as { code: string };
    expect([method, answer.status, answer.allow, code]).toEqual([
      ...[method, 405, allow],
      method === "HEAD" ? "none: an answer to HEAD" : "METHOD_NOT_ALLOWED",
    ]);
  }
  expect(await askWith("PROPFIND", "/order")).toMatchObject({ status: 404 });
});

it("answers 404 to a body for a path that is not there, whatever the body is", async () => {
  expectProblem(await door.send("POST", "/nothing", "{", { "content-type": "application/json" }), 404, "NOT_FOUND");
});

describe("GET /schemas/{event}/{version}.json", () => {
  it("serves the schema of each version, where the messages say that it is", async () => {
    const address = orderPayableV1.dataschema ?? "";
    const { status, headers, body } = await door.send("GET", address);
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch(/^application\/schema\+json/);
    expect(body).toMatchObject({ $id: address, $schema: "http://json-schema.org/draft-07/schema#" });
  });

  it.each([
    "/schemas/orders.payable/v99.json",
    "/schemas/",
    "/schemas/../topology.json",
    "/schemas/..%2f..%2ftopology.json",
    "/schemas/orders.payable/v1.json/..%2Fv1.json",
  ])("has nothing else: %s", async (path) => {
    expectProblem(await door.send("GET", path), 404, "NOT_FOUND");
  });

  it("takes no other method", async () => {
    expectProblem(await door.send("PUT", orderPayableV1.dataschema ?? "", "{}"), 405, "METHOD_NOT_ALLOWED");
  });
});

describe("without a database", async () => {
  const away = await openDoor(await createDoor(serviceWithoutDatabase(order), settings));

  it.each([
    ["POST", "/orders", JSON.stringify(ITEMS)],
    ["GET", `/orders/${randomUUID()}`, null],
  ])("answers 503 to %s %s, and when to come again", async (method, path, body) => {
    const answer = await away.send(method, path, body, JSON_TYPE);
    expectProblem(answer, 503, "UNAVAILABLE");
    expect(answer.headers.get("retry-after")).toBe("5");
  });

  it("still says what is wrong with a body", async () => {
    expectProblem(await away.post({}), 400, "BODY_INVALID");
  });
});

it("answers 500 without details when the service fails, and logs them", async () => {
  const lines: unknown[] = [];
  const failing = {
    log: new Proxy(service.log, {
      get: (log, name) => (name === "error" ? (line: unknown) => lines.push(line) : Reflect.get(log, name)),
    }),
    transact: async () => {
      throw new Error("secret plans");
    },
  };
  const failed = await (
    await openDoor(await createDoor({ ...failing, clock: service.clock }, settings))
  ).post(ITEMS, { "x-correlation-id": "req-9" });
  expectProblem(failed, 500, "INTERNAL");
  expect(JSON.stringify(failed.body)).not.toContain("secret");
  expect(lines).toMatchObject([{ correlationId: "req-9", err: { message: "secret plans" } }]);
});

/** As `fetch` does not: it refuses to send some methods. */
async function askWith(method: string, path: string) {
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number;
    allow: string | undefined;
    text: string;
  }>();
  const asked = request(door.url + path, { method, agent: false }, (response) => {
    const { statusCode: status = 0, headers } = response;
    text(response).then((body) => resolve({ status, allow: headers["allow"], text: body }), reject);
  });
  asked.on("error", reject).end();
  return promise;
}
