/** The contract of this repository and the code that was generated from it, for the tests of both. */
import { readFile } from "node:fs/promises";
import type { Validator } from "@tandem/runtime";
import { readModel } from "../codegen/generate.ts";
import type { Example, JsonSchema, Model } from "../codegen/model/model.ts";

const ROOT = new URL("../", import.meta.url);

/** What `asyncapi.yaml` means. */
export async function contract(): Promise<Model> {
  const { model, diagnostics } = await readModel(
    "asyncapi.yaml",
    await readFile(new URL("asyncapi.yaml", ROOT), "utf8"),
  );
  if (!model) throw new Error(`asyncapi.yaml has errors:\n${diagnostics.map(({ message }) => message).join("\n")}`);
  return model;
}

/** One schema of the contract with its generated validator and its examples. */
export interface Checked {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly examples: readonly Example[];
  readonly validate: Validator<unknown>;
}

/** Every schema that has a generated validator: of each event version and of each request to the HTTP door. */
export async function checkedSchemas(model: Model): Promise<readonly Checked[]> {
  const events = model.events.flatMap(({ directory, versions }) =>
    versions.map(async ({ typeName, number, schema, examples }) => ({
      name: typeName,
      schema,
      examples,
      validate: await validatorIn(`generated/events/${directory}/v${number}.validate.js`),
    })),
  );
  const routes = model.routes.flatMap(({ file, body, headers }) =>
    Object.entries({ body, headers }).flatMap(([part, named]) =>
      named === undefined
        ? []
        : [
            validatorIn(`generated/http/${file}.${part}.validate.js`).then((validate) => ({
              name: named.typeName,
              schema: named.schema,
              examples: named.examples,
              validate,
            })),
          ],
    ),
  );
  return Promise.all([...events, ...routes]);
}

async function validatorIn(path: string): Promise<Validator<unknown>> {
  const module: unknown = await import(new URL(path, ROOT).href);
  if (!isValidatorModule(module)) throw new Error(`${path} exports no validate`);
  return module.validate;
}

function isValidatorModule(module: unknown): module is { readonly validate: Validator<unknown> } {
  return typeof module === "object" && module !== null && "validate" in module && typeof module.validate === "function";
}
