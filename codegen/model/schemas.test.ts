import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readModel } from "../generate.ts";
import type { Model } from "./model.ts";

const parcels = readFileSync(join(import.meta.dirname, "..", "testdata", "event-unsent", "asyncapi.yaml"), "utf8");

async function modelOf(text: string): Promise<Model> {
  const { model, diagnostics } = await readModel("asyncapi.yaml", text);
  // That nobody sends the event has its own test.
  expect(diagnostics.map(({ code }) => code)).toEqual(["EVENT_UNSENT"]);
  if (model === undefined) throw new Error("no model");
  return model;
}

describe("schemas", () => {
  const withWeight = (schema: string, components = ""): string =>
    replaced(parcels, "weight: { type: integer, minimum: 1 }", `weight: ${schema}`).replace(
      "  schemas:\n",
      `  schemas:\n${components}`,
    );

  const payload = async (text: string): Promise<{ model: Model; schema: unknown; sensitive: readonly string[] }> => {
    const model = await modelOf(replaced(text, ", weight: 12", ""));
    const version = model.events[0]?.versions.find(({ number }) => number === 1);
    return { model, schema: Object(version?.schema)["properties"]["weight"], sensitive: version?.sensitive ?? [] };
  };

  it("find sensitive values through references, lists, maps and branches", async () => {
    const { sensitive, schema } = await payload(
      withWeight(
        `{ type: object, properties: {
          card: { $ref: '#/components/schemas/Card' },
          cards: { type: array, items: { $ref: '#/components/schemas/Card' } },
          byName: { additionalProperties: { $ref: '#/components/schemas/Card', x-sensitive: true } },
          pair: { type: array, items: [{ type: string }, { type: string, x-sensitive: true }] },
          either: { oneOf: [{ type: string, x-sensitive: true }, { $ref: '#/components/schemas/Card' }] },
          'a/b': { type: string, x-sensitive: true } } }`,
        "    Card: { type: object, properties: { number: { type: string, x-sensitive: true }, kind: { type: string } } }\n",
      ),
    );
    expect(sensitive).toEqual([
      "/weight/a~1b",
      "/weight/byName/*",
      "/weight/byName/*/number",
      "/weight/card/number",
      "/weight/cards/*/number",
      "/weight/either",
      "/weight/either/number",
      "/weight/pair/1",
    ]);
    expect(JSON.stringify(schema)).not.toContain("x-sensitive");
  });

  it("may be recursive by name, and refer to a part of another", async () => {
    const { model, schema } = await payload(
      withWeight(
        "{ anyOf: [{ $ref: '#/components/schemas/Tree' }, { $ref: '#/components/schemas/Tree/properties/label' }] }",
        "    Tree: { type: object, properties: { label: { type: string }, children: { type: array, items: { $ref: '#/components/schemas/Tree' } } } }\n",
      ),
    );
    expect(schema).toEqual({ anyOf: [{ $ref: "#/definitions/Tree" }, { type: "string" }] });
    expect(model.schemas).toMatchObject([
      { name: "Tree", schema: { properties: { children: { items: { $ref: "#/definitions/Tree" } } } } },
    ]);
  });

  it("keep the description beside a reference, and names that objects inherit", async () => {
    const { schema } = await payload(
      withWeight(
        "{ type: object, properties: { toString: { $ref: '#/components/schemas/Grams', description: '*/ `${x}`' }, constructor: true } }",
        "    Grams: { type: integer }\n",
      ),
    );
    const beside = { $ref: "#/definitions/Grams", description: "*/ `${x}`" };
    expect(schema).toEqual({ type: "object", properties: { constructor: true, toString: beside } });
  });

  it("list required properties as the contract lists them, then the others by name", async () => {
    const { schema } = await payload(
      withWeight("{ type: object, required: [z, a], properties: { b: {}, a: {}, z: {}, B: {} } }"),
    );
    expect(Object.keys(Object(Object(schema)["properties"]))).toEqual(["z", "a", "B", "b"]);
  });

  it("drop what describes the document: $id, $schema, $comment, externalDocs", async () => {
    const { schema } = await payload(
      withWeight(
        "{ $id: 'urn:x', $schema: 'http://json-schema.org/draft-07/schema#', $comment: c, externalDocs: { url: 'https://x.invalid' }, type: integer, x-unit: gram }",
      ),
    );
    expect(schema).toEqual({ type: "integer" });
  });
});

/** Fails where the text that a test means to change is no longer there. */
function replaced(text: string, what: string, by: string): string {
  const result = text.replace(what, () => by);
  expect(result).not.toBe(text);
  return result;
}
