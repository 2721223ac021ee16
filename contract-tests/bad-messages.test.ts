/** What somebody else's program may put on a subject: each is a dead letter with its reason, and the next order flows. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { publishRaw } from "../lab/testing/publish-raw.ts";
import { deadLetterOf, decided, natsUrl, place } from "./reference-system.ts";

describe("a message that is not as the contract says", () => {
  const body = { version: "v1", order_id: randomUUID(), items: [{ product_id: "tea-250", quantity: 1 }] };
  const headers = () => ({
    "ce-specversion": "1.0",
    "ce-id": randomUUID(),
    "ce-type": "orders.created.v1",
    "ce-source": "somebody",
    "ce-time": new Date().toISOString(),
    "correlation-id": randomUUID(),
  });

  it.each([
    { title: "is no JSON", data: '{"version": "v1"', code: "BODY_NOT_JSON", why: "" },
    { title: "is no UTF-8", data: new Uint8Array([0x22, 0xff, 0x22]), code: "BODY_NOT_JSON", why: "" },
    { title: "is empty", data: "", code: "BODY_NOT_JSON", why: "" },
    {
      title: "lacks a property",
      data: JSON.stringify({ ...body, items: undefined }),
      code: "EVENT_INVALID",
      why: "items",
    },
    {
      title: "has a wrong value",
      data: JSON.stringify({ ...body, order_id: "42" }),
      code: "EVENT_INVALID",
      why: "/order_id",
    },
    {
      title: "says another version than its subject",
      data: JSON.stringify({ ...body, version: "v9" }),
      code: "EVENT_INVALID",
      why: "/version",
    },
  ])("and $title is a dead letter with the reason, and the next order flows", async ({ data, code, why }) => {
    const envelope = headers();
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const { sequence } = await publishRaw(natsUrl, { subject: "orders.created.v1", headers: envelope, data: bytes });
    const letter = await deadLetterOf("ORDERS", sequence);
    expect(letter.subject).toBe("dead.inventory.orderCreated.v1");
    expect(letter.headers).toMatchObject({
      "dlq-consumer": "inventory-orderCreated-v1",
      "dlq-subject": "orders.created.v1",
      "dlq-attempts": "1",
      "dlq-code": code,
      "ce-id": envelope["ce-id"],
    });
    expect(letter.headers["dlq-error"]).toContain(why);
    expect([...letter.data]).toEqual([...bytes]);

    const { id } = await place([{ product_id: "tea-250", quantity: 1 }]);
    expect(await decided(id)).toMatchObject({ status: "confirmed" });
  });

  it("and lacks its headers is a dead letter that names them", async () => {
    const data = new TextEncoder().encode(JSON.stringify(body));
    const { sequence } = await publishRaw(natsUrl, { subject: "orders.created.v1", headers: {}, data });
    const letter = await deadLetterOf("ORDERS", sequence);
    expect(letter.headers["dlq-code"]).toBe("ENVELOPE_INVALID");
    expect(letter.headers["dlq-error"]).toContain("ce-id");
  });

  it("and has a version that the contract does not know is refused by the broker", async () => {
    const data = new TextEncoder().encode(JSON.stringify({ ...body, version: "v9" }));
    await expect(publishRaw(natsUrl, { subject: "orders.created.v9", headers: headers(), data })).rejects.toThrow(
      /orders\.created\.v9/,
    );
  });
});
