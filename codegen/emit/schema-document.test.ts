import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { emit } from "./emit.ts";
import { eventOf, modelOf } from "./testing/model.ts";

const money = { type: "object", required: ["amount"], properties: { amount: { $ref: "#/definitions/Amount" } } };
const schemas = { Money: money, Amount: { type: "integer" }, Unused: { type: "string" } };

async function documentOf(schema: Parameters<typeof eventOf>[0], name = "things.made") {
  const { files } = await emit(modelOf({ events: [eventOf(schema, {}, { name })], schemas }));
  return JSON.parse(files.get("schemas/json/made/v1.json") ?? "");
}

describe("the schema of a version as a document", () => {
  it("stands alone, with what it refers to and nothing more", async () => {
    const document = await documentOf({ type: "object", properties: { price: { $ref: "#/definitions/Money" } } });
    expect(document).toMatchObject({ $id: "/schemas/things.made/v1.json", title: "MadeV1" });
    expect(Object.keys(document.definitions)).toEqual(["Amount", "Money"]);
    const validate = new Ajv().compile(document);
    expect(validate({ price: { amount: 3 } })).toBe(true);
    expect(validate({ price: { amount: "3" } })).toBe(false);
  });

  it("keeps a reference at its root, which would silence what stands beside it", async () => {
    const validate = new Ajv().compile(await documentOf({ $ref: "#/definitions/Money" }));
    expect(validate({ amount: 3 })).toBe(true);
    expect(validate({})).toBe(false);
  });

  it("is an address that is one whatever the event is called", async () => {
    expect((await documentOf(true, "things.größe?")).$id).toBe("/schemas/things.gr%C3%B6%C3%9Fe%3F/v1.json");
  });
});
