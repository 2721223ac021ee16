import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkExtensions } from "./extensions.ts";
import schema from "./extensions.schema.json" with { type: "json" };
import { Report } from "./report.ts";
import { readSource } from "./source.ts";

async function faults(text: string): Promise<readonly string[]> {
  const { source } = readSource("asyncapi.yaml", text);
  const report = new Report(source);
  await checkExtensions(source.data, report);
  return report.diagnostics.map(({ line, code, message }) => `${line} ${code} ${message}`);
}

/** Every kind of step, and everything else that an evolution can say. */
const EVOLUTION = `
x-tandem: 1
components:
  x-steps: { Address: [{ rename: { from: /zip, to: /postcode } }] }
  messages:
    ParcelSentV2:
      x-version: { number: 2, state: current, sunset: '2027-01-31', compatibility: FULL }
      x-evolves:
        from: ParcelSentV1
        steps:
          - rename: { from: /orderId, to: /id }
          - nest: { into: /address, fields: { /street: /street, /city: /city } }
          - flatten: { from: /place, fields: { /country: /country } }
          - split: { from: /fullName, into: [/name/first, /name/last], at: first, by: ' ' }
          - join: { from: [/area, /number], into: /phone, by: '-' }
          - money: { from: /total, to: /total, amount: minor, scale: 2, currency: EUR, otherCurrency: unrepresentable }
          - values: { field: /status, down: { archived: closed } }
          - convert: { field: /weight, from: integer, to: number }
          - add: { to: /channel, value: web }
          - add: { to: /note, value: null }
          - remove: { from: /legacyCode, restore: '' }
          - each: { in: /items, steps: [{ rename: { from: /qty, to: /quantity } }, { add: { to: /unit, value: pcs } }] }
          - wrap: { from: /tag, to: /tags, pick: first }
          - custom: { up: geoUp, down: geoDown, reads: [/geo], writes: [/location] }
          - use: { in: /sender, steps: '#/components/x-steps/Address' }
        unrepresentable: { down: skip-and-count }
        lossy:
          up: [{ path: /legacyCode, why: GDPR }]
          down: [{ path: '/items/*/unit', why: new }]
`;

describe("the schema of our extensions", () => {
  it("is JSON Schema draft-07", () => {
    const ajv = new Ajv({ strict: false });
    expect(ajv.validateSchema(schema)).toBe(true);
  });

  it("describes every extension, which editors show", () => {
    const undescribed: string[] = [];
    const visit = (value: unknown, path: string): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, member] of Object.entries(value)) {
        if (key.startsWith("x-") && typeof member === "object" && !JSON.stringify(member).includes('"description"')) {
          const target = /"#\/definitions\/(\w+)"/.exec(JSON.stringify(member))?.[1] ?? "";
          const definitions: Readonly<Record<string, unknown>> = schema.definitions;
          if (!JSON.stringify(definitions[target] ?? "").includes('"description"')) undescribed.push(path + key);
        }
        visit(member, `${path}${key}/`);
      }
    };
    visit(schema, "/");
    expect(undescribed).toEqual([]);
  });

  it("accepts the contract of this repository", async () => {
    expect(await faults(readFileSync(join(import.meta.dirname, "..", "..", "asyncapi.yaml"), "utf8"))).toEqual([]);
  });

  it("knows every step of an evolution", async () => {
    expect(await faults(EVOLUTION)).toEqual([]);
    const steps: unknown = parse(EVOLUTION);
    const used = new Set(
      JSON.stringify(steps)
        .match(/"[a-z]+"(?=:)/g)
        ?.map((name) => name.slice(1, -1)),
    );
    expect(Object.keys(schema.definitions.step.properties).filter((step) => !used.has(step))).toEqual([]);
  });

  it("leaves what is not ours alone", async () => {
    expect(await faults("x-tandem: 1\nx-internal: [1]\nchannels: { a: { x-amqp-thing: 3, colour: red } }\n")).toEqual(
      [],
    );
  });
});

describe("an extension", () => {
  it("is found in traits, in messages inside channels, and deep in schemas", async () => {
    const text = `x-tandem: 1
channels:
  a:
    messages:
      M:
        traits: [{ x-version: { number: one } }]
        payload: { type: object, properties: { list: { items: [{ allOf: [{ x-sensitive: 1 }] }] } } }
components:
  operationTraits: { t: { x-retry: { maxAttempt: 3 } } }
`;
    expect(await faults(text)).toEqual([
      "6 EXTENSION_INVALID x-version.number: must be a whole number",
      "7 EXTENSION_INVALID x-sensitive: must be true or false",
      "9 EXTENSION_INVALID x-retry: maxAttempt is unknown here",
    ]);
  });

  it("is not looked for in examples, or among the names of properties", async () => {
    const text = `x-tandem: 1
components:
  messages:
    M:
      examples: [{ payload: { x-strem: 1, x-version: 2 } }]
      payload: { type: object, properties: { x-stream: { type: string }, x-verison: { type: string } } }
`;
    expect(await faults(text)).toEqual([]);
  });
});
