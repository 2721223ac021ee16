import { Validator } from "@seriousme/openapi-schema-validator";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { generate } from "../../generate.ts";
import { componentName, modernSchema } from "./openapi-schema.ts";

const codegen = join(import.meta.dirname, "..", "..");
const testdata = join(codegen, "testdata");
/** Everything that was generated from a contract. */
const folders = [
  join(codegen, "..", "generated"),
  ...readdirSync(testdata)
    .map((name) => join(testdata, name, "expected"))
    .filter((folder) => existsSync(folder)),
];

async function expectValid(document: unknown): Promise<void> {
  const { valid, errors } = await new Validator().validate({ ...(document as Record<string, unknown>) });
  expect([valid, errors]).toEqual([true, undefined]);
}

/** A contract of one operation, with a text wherever a door takes text. */
function contractOf(text: string) {
  const message = { title: text, summary: text, description: text };
  const headers = { type: "object", properties: { "X-Note": { type: "string", description: text } } };
  return JSON.stringify({
    asyncapi: "3.0.0",
    "x-tandem": 1,
    info: { title: text, version: text, description: text, tags: [{ name: "maker", description: text }] },
    servers: {
      door: {
        host: "{where}.example",
        protocol: "https",
        pathname: "/api",
        description: text,
        variables: { where: { enum: ["a", "b"] } },
      },
      broker: { host: "localhost", protocol: "nats" },
    },
    channels: {
      make: {
        address: "/things/{id}",
        title: text,
        description: text,
        servers: [{ $ref: "#/servers/door" }],
        parameters: { id: { description: text, enum: [text] } },
        messages: { Make: { $ref: "#/components/messages/Make" }, Made: { $ref: "#/components/messages/Made" } },
      },
    },
    operations: {
      makes: {
        action: "receive",
        "x-service": "maker",
        summary: text,
        description: text,
        channel: { $ref: "#/channels/make" },
        messages: [{ $ref: "#/channels/make/messages/Make" }],
        bindings: { http: { method: "PUT", bindingVersion: "0.3.0" } },
        reply: { channel: { $ref: "#/channels/make" }, messages: [{ $ref: "#/channels/make/messages/Made" }] },
      },
    },
    components: {
      messages: {
        Make: {
          ...message,
          headers,
          payload: {
            type: "object",
            description: text,
            properties: Object.fromEntries([[text, { const: text }]]),
          },
          examples: [{ name: text, headers: { "X-Note": "n" }, payload: Object.fromEntries([[text, text]]) }],
        },
        Made: {
          ...message,
          headers,
          bindings: { http: { statusCode: 201, bindingVersion: "0.3.0" } },
          payload: { type: "string", enum: [text], "x-sensitive": true },
        },
      },
    },
  });
}

describe("the document of an HTTP door", () => {
  // What is on the disk is what is generated: other tests see to that.
  it.each(folders)("is valid, and is there where a contract of ours has a door: %s", async (folder) => {
    const documents = existsSync(join(folder, "openapi")) ? readdirSync(join(folder, "openapi")) : [];
    expect(documents.length > 0).toBe(existsSync(join(folder, "http")));
    for (const name of documents) await expectValid(JSON.parse(readFileSync(join(folder, "openapi", name), "utf8")));
  });

  it.each([
    "*/ globalThis.harmed = true; /*",
    "</script><script>alert(1)</script>",
    "constructor",
    "\u2028\u202e\\\"'`${x}",
    "#/components/schemas/Other",
  ])("takes %j as text wherever it stands", async (hostile) => {
    const { files, diagnostics } = await generate("asyncapi.yaml", contractOf(hostile));
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const document = JSON.parse(files.get("openapi/maker.json") ?? "{}");
    await expectValid(document);
    const { put } = document.paths["/things/{id}"];
    expect([document.info.description, put.description, put.parameters[0].description]).toEqual(Array(3).fill(hostile));
    expect(put.parameters[0].schema.enum).toEqual([hostile]);
    const body = put.requestBody.content["application/json"];
    expect(Object.keys(body.schema.properties)).toEqual([hostile]);
    expect(Object.keys(body.examples)).toEqual([hostile]);
    expect(document.servers).toEqual([
      {
        url: "https://{where}.example/api",
        description: hostile,
        variables: { where: { default: "a", enum: ["a", "b"] } },
      },
    ]);
    expect(put.responses["201"].content["application/json"].schema).toMatchObject({ "x-sensitive": true });
  });

  it("says what the runtime answers by itself, and lets the contract say it otherwise", async () => {
    const { files } = await generate("asyncapi.yaml", contractOf("x").replace('"statusCode":201', '"statusCode":503'));
    const { responses } = JSON.parse(files.get("openapi/maker.json") ?? "{}").paths["/things/{id}"].put;
    expect(Object.keys(responses)).toEqual(["400", "408", "413", "414", "429", "431", "500", "503"]);
    expect(responses["429"]).toEqual({ $ref: "#/components/responses/TooManyRequests" });
    expect(responses["503"].description).toBe("x");
  });

  it("is the same whatever the order of the contract", async () => {
    const contract: unknown = JSON.parse(contractOf("x"));
    const reversed = JSON.stringify(contract, (_, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toReversed())
        : value,
    );
    const texts = await Promise.all(
      [JSON.stringify(contract), reversed].map(async (text) =>
        (await generate("asyncapi.yaml", text)).files.get("openapi/maker.json"),
      ),
    );
    expect(texts[0]).toBe(texts[1]);
  });
});

describe("a schema in the newer dialect", () => {
  it.each([
    [
      { items: [{ type: "string" }], additionalItems: false },
      { prefixItems: [{ type: "string" }], items: false },
    ],
    [{ items: { type: "string" }, additionalItems: false }, { items: { type: "string" } }],
    [
      { dependencies: { a: ["b"], c: { required: ["d"] } } },
      { dependentRequired: { a: ["b"] }, dependentSchemas: { c: { required: ["d"] } } },
    ],
    [{ discriminator: "kind" }, { discriminator: { propertyName: "kind" } }],
    [
      { properties: { items: { type: "array", items: [true] } }, const: { items: [1] } },
      { properties: { items: { type: "array", prefixItems: [true] } }, const: { items: [1] } },
    ],
    [{ anyOf: [{ not: { items: [{}] } }] }, { anyOf: [{ not: { prefixItems: [{}] } }] }],
    [{ $ref: "#/components/schemas/Größe" }, { $ref: "#/components/schemas/Gr_f6_dfe" }],
  ])("%j", (old, modern) => {
    expect(modernSchema(old)).toEqual(modern);
  });

  it("has names that components may have", () => {
    expect(["Money", "Größe", "日"].map(componentName)).toEqual(["Money", "Gr_f6_dfe", "_65e5"]);
  });
});
