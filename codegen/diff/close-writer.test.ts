import { describe, expect, it } from "vitest";
import { closeWriter } from "./close-writer.ts";

const text = { type: "string" };

describe("a writer", () => {
  it("writes what its schema declares, at any depth", () => {
    const closed = closeWriter({
      properties: { to: { properties: { city: text } }, list: { items: { properties: { a: text } } } },
    });
    expect(closed).toEqual({
      properties: {
        to: { properties: { city: text }, additionalProperties: false },
        list: { items: { properties: { a: text }, additionalProperties: false } },
      },
      additionalProperties: false,
    });
  });

  it.each([
    ["declares nothing", { type: "object" }],
    ["says so", { properties: { a: text }, additionalProperties: true }],
    ["says what they are", { properties: { a: text }, additionalProperties: text }],
  ])("may write other members where the schema %s", (_, schema) => {
    expect(closeWriter(schema)).toEqual(schema);
  });

  it("writes nothing where the schema declares that there is nothing", () => {
    expect(closeWriter({ properties: {} })).toEqual({ properties: {}, additionalProperties: false });
  });

  it("is closed as a whole where several schemas speak of one object, and not inside what two of them declare", () => {
    const twice = { properties: { a: text } };
    const schema = { allOf: [{ properties: { x: twice, y: twice } }, { properties: { x: twice } }] };
    expect(closeWriter(schema)).toEqual({
      allOf: [{ properties: { x: twice, y: { ...twice, additionalProperties: false } } }, { properties: { x: twice } }],
      unevaluatedProperties: false,
    });
  });

  it("is not closed inside what is negated", () => {
    const schema = { properties: { a: { not: { properties: { b: text } } } } };
    expect(closeWriter(schema)).toEqual({ ...schema, additionalProperties: false });
  });

  it("keeps a shared schema open where it is a part, and closes it where it is the whole", () => {
    const Base = { properties: { a: text } };
    const closed = closeWriter({
      allOf: [{ $ref: "#/definitions/Base" }, { properties: { b: { $ref: "#/definitions/Base" } } }],
      definitions: { Base },
    });
    expect(closed).toEqual({
      allOf: [Base, { properties: { b: { $ref: "#/definitions/Base.closed" } } }],
      unevaluatedProperties: false,
      definitions: { Base, "Base.closed": { ...Base, additionalProperties: false } },
    });
  });

  it("may write a schema that contains itself", () => {
    const Tree = { properties: { kids: { items: { $ref: "#/definitions/Tree" } } } };
    expect(closeWriter({ $ref: "#/definitions/Tree", definitions: { Tree } })).toMatchObject({
      $ref: "#/definitions/Tree.closed",
      definitions: {
        "Tree.closed": {
          properties: { kids: { items: { $ref: "#/definitions/Tree.closed" } } },
          additionalProperties: false,
        },
      },
    });
  });
});
