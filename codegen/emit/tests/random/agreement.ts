/** Whether type and validator agree, for many schemas at once. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { generate, readModel } from "../../../generate.ts";
import type { JsonSchema, Model } from "../../../model/model.ts";
import type { Definitions } from "../../json-schema.ts";
import { plainMessagePath } from "../../plain/message.ts";
import { writeFiles } from "../../testing/write-files.ts";
import { contractOf, payloadName, reachedFrom, schemaOn, type Schemas } from "./contract.ts";
import { coresOf, referencesFor, unionsOf } from "./reference.ts";
import { refusalsOf, type TypedValue } from "./typed-values.ts";

/** One value, or all of a contract, on which type and validator are not at one. */
export interface Disagreement {
  /** Of the payload; undefined when it is not known which it is. */
  readonly index: number | undefined;
  readonly kind:
    | "not generated"
    | "does not compile"
    | "validator differs"
    | "type too narrow"
    | "type too wide"
    | "overlap not said";
  readonly value?: unknown;
  readonly detail: string;
}

/** What was looked at. */
export interface Agreement {
  readonly disagreements: readonly Disagreement[];
  readonly values: number;
  /** Payloads of which no warning says that their types are wider. */
  readonly exact: number;
}

/** Makes values for a schema whose references lead to definitions. */
export type MakeValues = (schema: JsonSchema, definitions: Definitions, index: number) => readonly unknown[];

type Claim = TypedValue & {
  readonly index: number;
  readonly isValid: boolean;
  readonly isRefusable: boolean;
  readonly isOverlap: boolean;
};

/** Generates from a contract of the schemas, and asks Ajv, the validators and the compiler about values of each payload. */
export async function agreementOf(schemas: Schemas, valuesFor: MakeValues): Promise<Agreement> {
  const text = contractOf(schemas);
  const options = { judge: async () => undefined };
  const { files, diagnostics } = await generate("asyncapi.yaml", text, options);
  const { model } = await readModel("asyncapi.yaml", text, options);
  if (model === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const detail = errors.map(({ line, code, message }) => `${line}: ${code} ${message}`).join("\n");
    return { disagreements: [{ index: undefined, kind: "not generated", detail }], values: 0, exact: 0 };
  }
  const wider = new Set(
    diagnostics.flatMap(({ code, line, message }) =>
      code === "TYPE_WIDER" && !message.startsWith("this schema describes") ? (schemaOn(line, schemas) ?? []) : [],
    ),
  );
  const isExact = (index: number) =>
    !wider.has(payloadName(index)) &&
    [...reachedFrom(schemas.payloads[index] ?? true, schemas.named)].every((name) => !wider.has(name));
  // Below the sources, where the compiler finds their packages.
  const directory = mkdtempSync(join(import.meta.dirname, ".random-"));
  try {
    writeFiles(directory, files);
    const { claims, disagreements } = await claimsOf(schemas, model, directory, valuesFor);
    const refusals = refusalsOf(directory, files, claims);
    if (refusals.files.length > 0) {
      disagreements.push({ index: undefined, kind: "does not compile", detail: refusals.files.slice(0, 9).join("\n") });
    }
    for (const [at, { index, value, isValid, isRefusable, isOverlap }] of claims.entries()) {
      const why = refusals.values.get(at);
      if (isValid && why !== undefined) disagreements.push({ index, kind: "type too narrow", value, detail: why });
      if (isRefusable && why === undefined && isExact(index)) {
        disagreements.push({ index, kind: "type too wide", value, detail: "and there is no warning" });
      }
      if (isOverlap && why === undefined && isExact(index)) {
        disagreements.push({ index, kind: "overlap not said", value, detail: "it fits several branches of a oneOf" });
      }
    }
    return {
      disagreements,
      values: claims.length,
      exact: schemas.payloads.filter((_, index) => isExact(index)).length,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The values with what Ajv says of them, and those on which the validators say something else. */
async function claimsOf(
  schemas: Schemas,
  model: Model,
  directory: string,
  valuesFor: MakeValues,
): Promise<{ readonly claims: readonly Claim[]; readonly disagreements: Disagreement[] }> {
  const definitions: Definitions = new Map(model.schemas.map(({ name, schema }) => [name, schema]));
  const referenceOf = referencesFor(schemas);
  const expressibleOf = referencesFor(coresOf(schemas));
  const unitedOf = referencesFor(unionsOf(schemas));
  const claims: Claim[] = [];
  const disagreements: Disagreement[] = [];
  for (const index of schemas.payloads.keys()) {
    const message = model.messages.find(({ key }) => key === payloadName(index));
    if (message?.body === undefined) {
      disagreements.push({ index, kind: "not generated", detail: "it has no type" });
      continue;
    }
    const path = plainMessagePath(message);
    const type = { name: message.body.typeName, path };
    const module: { validate: (value: unknown) => boolean } = await import(
      join(directory, path.replace(/\.ts$/, ".validate.js"))
    );
    const [reference, expressible, united] = [referenceOf(index), expressibleOf(index), unitedOf(index)];
    for (const value of valuesFor(message.body.schema, definitions, index)) {
      const said = module.validate(value);
      const isValid = reference(value) ?? said;
      if (said !== isValid) {
        disagreements.push({ index, kind: "validator differs", value, detail: `it says ${said}, and Ajv ${isValid}` });
      }
      const isRefusable = expressible(value) === false;
      const isOverlap = !isValid && united(value) === true;
      claims.push({ index, type, value, unrelated: isValid, isValid, isRefusable, isOverlap });
    }
  }
  return { claims, disagreements };
}
