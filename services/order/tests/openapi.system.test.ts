/** The real service, asked what its OpenAPI document says: each answer that can be provoked is as the document has it. */
import { randomUUID } from "node:crypto";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { order } from "#generated/services/order.ts";
import { serviceDoorForTest } from "../../../lab/testing/service-door.ts";
import { serviceForTest, serviceWithoutDatabase } from "../../../lab/testing/service-harness.ts";
import { createDoor, type DoorContext } from "../http.ts";

interface Response {
  readonly headers?: Readonly<Record<string, Referring & { readonly required?: boolean; readonly schema?: object }>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}
interface Referring {
  readonly $ref?: string;
}
interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Response & Referring>> }>>>
  >;
}

const settings = { bodies: { bytes: 4_096, jsonDepth: 32 }, deadlineSeconds: 900 };
const service = await serviceForTest(order, new URL("../schema.sql", import.meta.url));

/** The door of the service, as the runtime opens it. */
async function open(context: DoorContext, limits: { readonly rate?: number } = {}): Promise<string> {
  const door = await serviceDoorForTest(await createDoor(context, settings), context.log, {
    limits: { body: settings.bodies.bytes, ...limits },
    openapi: order.openapi,
  });
  return door.url;
}

const url = await open(service);
const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, "door");

function resolved<T extends object>(value: T & Referring): T {
  if (value.$ref === undefined) return value;
  const found = value.$ref
    .slice(2)
    .split("/")
    .reduce<unknown>((at, token) => (at as Record<string, unknown>)[token], document);
  return found as T;
}

/** Says what of an answer is not as the document has it. */
async function faultsOf(path: string, method: string, answer: globalThis.Response): Promise<unknown> {
  const operation = document.paths[path]?.[method];
  const described = operation?.responses[String(answer.status)];
  if (described === undefined) return `status ${answer.status} is not in the document`;
  const { headers = {}, content = {} } = resolved<Response>(described);
  const faults: unknown[] = [];
  for (const [name, header] of Object.entries(headers)) {
    const value = answer.headers.get(name);
    const { schema = {} } = resolved<{ schema?: object }>(header);
    const isNumber = "type" in schema && schema.type === "integer";
    if (value === null) {
      if (header.required === true || name === "X-Request-Id") faults.push(`${name} is missing`);
    } else if (!ajv.validate(schema, isNumber ? Number(value) : value)) faults.push([name, value, ajv.errors]);
  }
  const type = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
  const { schema } = content[type] ?? {};
  if (schema === undefined) return [...faults, `${type} is not in the document`];
  // References lead to the document.
  const whole = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"door#/')) as object;
  if (!ajv.validate(whole, await answer.json())) faults.push(ajv.errors);
  return faults.length === 0 ? undefined : faults;
}

const ITEMS = { items: [{ product_id: "tea-250", quantity: 1 }] };
const post = (body: unknown, headers: Record<string, string> = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: typeof body === "string" ? body : JSON.stringify(body),
});

describe("the OpenAPI document of the order service", () => {
  const provoked: [status: number, path: string, method: string, ask: () => Promise<globalThis.Response>][] = [
    [202, "/orders", "post", async () => fetch(`${url}/orders`, post(ITEMS, { "idempotency-key": "k" }))],
    [400, "/orders", "post", async () => fetch(`${url}/orders`, post("{"))],
    [400, "/orders", "post", async () => fetch(`${url}/orders`, post({ items: [{ quantity: 0 }] }))],
    [413, "/orders", "post", async () => fetch(`${url}/orders`, post("x".repeat(5_000)))],
    [414, "/orders", "post", async () => fetch(`${url}/orders?${"x".repeat(3_000)}`, post(ITEMS))],
    [415, "/orders", "post", async () => fetch(`${url}/orders`, post(ITEMS, { "content-type": "text/plain" }))],
    [422, "/orders", "post", async () => fetch(`${url}/orders`, post({ items: [{ product_id: "no", quantity: 1 }] }))],
    [409, "/orders", "post", async () => heldKey()],
    [429, "/orders", "post", async () => tooMany("/orders", post(ITEMS))],
    [431, "/orders", "post", async () => fetch(`${url}/orders`, post(ITEMS, manyHeaders()))],
    [500, "/orders", "post", async () => fetch(`${await open(failing())}/orders`, post(ITEMS))],
    [503, "/orders", "post", async () => fetch(`${await open(serviceWithoutDatabase(order))}/orders`, post(ITEMS))],
    [200, "/orders/{order_id}", "get", async () => fetch(`${url}/orders/${await placed()}`)],
    [400, "/orders/{order_id}", "get", async () => fetch(`${url}/orders/42`)],
    [404, "/orders/{order_id}", "get", async () => fetch(`${url}/orders/${randomUUID()}`)],
    [414, "/orders/{order_id}", "get", async () => fetch(`${url}/orders/${"x".repeat(3_000)}`)],
    [429, "/orders/{order_id}", "get", async () => tooMany(`/orders/${randomUUID()}`)],
    [431, "/orders/{order_id}", "get", async () => fetch(`${url}/orders/${randomUUID()}`, { headers: manyHeaders() })],
    [500, "/orders/{order_id}", "get", async () => fetch(`${await open(failing())}/orders/${randomUUID()}`)],
    [
      503,
      "/orders/{order_id}",
      "get",
      async () => fetch(`${await open(serviceWithoutDatabase(order))}/orders/${randomUUID()}`),
    ],
  ];

  it.each(provoked)("%s of %s, %s", async (status, path, method, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(await faultsOf(path, method, answer)).toBeUndefined();
  });

  it("names no status that cannot be provoked, but for the caller that is too slow", () => {
    const said = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, { responses }]) =>
        Object.keys(responses).map((status) => `${status} ${path} ${method}`),
      ),
    );
    const tried = provoked.map(([status, path, method]) => `${status} ${path} ${method}`);
    expect(said.filter((one) => !tried.includes(one) && !one.startsWith("408"))).toEqual([]);
  });

  it("finds fault with an answer that is another", async () => {
    const wrong = new Response(JSON.stringify({ order_id: "x", status: "processing" }), {
      status: 202,
      headers: { "content-type": "application/json", "x-request-id": "r", location: "/" },
    });
    expect(await faultsOf("/orders", "post", wrong)).toMatchObject([[{ instancePath: "/order_id" }]]);
  });

  it("is served with a tag", async () => {
    const answer = await fetch(`${url}/openapi.json`);
    const etag = answer.headers.get("etag") ?? "";
    expect(answer.headers.get("content-type")).toBe("application/openapi+json;version=3.1");
    expect((await fetch(`${url}/openapi.json`, { headers: { "if-none-match": etag } })).status).toBe(304);
  });
});

function manyHeaders(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`x-${index}`, "y"]));
}

async function placed(): Promise<string> {
  const { order_id } = (await (await fetch(`${url}/orders`, post(ITEMS))).json()) as { order_id: string };
  return order_id;
}

/** One of as many requests as one client may not send. */
async function tooMany(path: string, init?: RequestInit): Promise<globalThis.Response> {
  const strict = await open(service, { rate: 1 });
  const answers = await Promise.all(Array.from({ length: 10 }, async () => fetch(strict + path, init)));
  return answers.find(({ status }) => status === 429) ?? expect.fail("everybody was let in");
}

/** A request under a key that another one holds in its transaction. */
async function heldKey(): Promise<globalThis.Response> {
  const { promise: release, resolve: end } = Promise.withResolvers<void>();
  const { promise: held, resolve: hold } = Promise.withResolvers<void>();
  const holding = service.transact({ correlationId: "c", causationId: "c" }, async ({ tx }) => {
    await tx.query("insert into idempotency_keys (key, fingerprint, order_id) values ('held', 'x', $1)", [
      randomUUID(),
    ]);
    hold();
    await release;
    throw new Error("given back");
  });
  const ended = holding.catch((error: unknown) => error);
  await held;
  const answer = await fetch(`${url}/orders`, post(ITEMS, { "idempotency-key": "held" }));
  end();
  expect(await ended).toMatchObject({ message: "given back" });
  return answer;
}

function failing(): DoorContext {
  return {
    ...service,
    transact: async () => {
      throw new Error("select secret from plans");
    },
  };
}
