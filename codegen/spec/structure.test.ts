import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "@asyncapi/parser";
import { documentStructure, getSchema } from "@asyncapi/parser/cjs/ruleset/functions/documentStructure.js";
import { expect, it } from "vitest";
import { structureOf } from "./structure.ts";

const testdata = join(import.meta.dirname, "..", "testdata");
const documents = [
  join(testdata, "..", "..", "asyncapi.yaml"),
  ...readdirSync(testdata).map((name) => join(testdata, name, "asyncapi.yaml")),
];

type Arguments = Parameters<typeof documentStructure>;

it("accepts of all documents at hand none that the judge's own rule refuses, and most that it accepts", async () => {
  const verdicts: { document: string; resolved: boolean; accepted: boolean; accepts: boolean }[] = [];
  let document = "";
  let inventory: Arguments[2]["documentInventory"] | undefined;
  const compare = (input: Arguments[0], options: Arguments[1], context: Arguments[2]) => {
    const formats = context.document?.formats;
    const schema = formats instanceof Set ? getSchema(formats, options.resolved) : undefined;
    if (schema === undefined) return [];
    inventory ??= context.documentInventory;
    const said = documentStructure(input, options, { ...context, documentInventory: inventory });
    verdicts.push({
      document,
      resolved: options.resolved,
      accepted: said === undefined || (Array.isArray(said) && said.length === 0),
      accepts: structureOf(schema)?.(input) === true,
    });
    return [];
  };
  const rule = (resolved: boolean) => ({
    message: "{{error}}",
    resolved,
    given: "$",
    then: { function: compare, functionOptions: { resolved } },
  });
  const parser = new Parser({
    ruleset: {
      rules: { "asyncapi-document-resolved": rule(true), "asyncapi-document-unresolved": rule(false) },
    },
  });
  for (const path of documents) {
    document = path;
    await parser.validate(readFileSync(path, "utf8"), { source: path });
  }
  expect(verdicts.filter(({ accepted, accepts }) => accepts && !accepted)).toEqual([]);
  // The judge overlooks some of what it finds, and is asked about that.
  const accepted = verdicts.filter((verdict) => verdict.accepted);
  expect(accepted.filter(({ accepts }) => accepts).length).toBeGreaterThan(accepted.length * 0.9);
  expect(verdicts.filter(({ accepts }) => !accepts).length).toBeGreaterThan(5);
}, 120_000);
