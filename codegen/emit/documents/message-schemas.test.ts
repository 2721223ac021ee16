import { Ajv } from "ajv";
import { default as addFormats } from "ajv-formats";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readOutput } from "../../output/output.ts";
import { emit } from "../emit.ts";
import { modelOf, routeOf } from "../testing/model.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const testdata = join(root, "codegen", "testdata");
const outputs = readdirSync(testdata)
  .map((name) => join(testdata, name, "expected"))
  .filter(existsSync);

describe("a JSON Schema as a file", () => {
  it.each([join(root, "generated"), ...outputs])("stands alone in %s", async (folder) => {
    const schemas = [...(await readOutput(folder))].filter(([path]) => path.startsWith("schemas/json/"));
    expect(schemas.length).toBeGreaterThan(0);
    for (const [, text] of schemas) {
      const ajv = new Ajv({ strict: false, logger: false });
      addFormats.default(ajv);
      // A reference that leads out of the file would throw.
      expect(() => ajv.compile(JSON.parse(text))).not.toThrow();
    }
  });

  it("is written for what the HTTP door takes and answers", async () => {
    const named = { typeName: "Made", pointer: "/components/schemas/Made", schema: { type: "integer" }, examples: [] };
    const routes = [routeOf({ type: "string" }, { responses: [{ status: 201, body: named }], headers: named })];
    const { files } = await emit(modelOf({ routes }));
    const types = ["body", "headers", "201"].map(
      (part) => JSON.parse(files.get(`schemas/json/http/make.${part}.json`) ?? "{}").type,
    );
    expect(types).toEqual(["string", "integer", "integer"]);
  });

  it("has the words of the contract where it is an event's", () => {
    const text = readFileSync(join(root, "generated", "schemas", "json", "order-created", "v2.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject({ $id: "/schemas/orders.created/v2.json", title: "OrderCreatedV2" });
  });
});
