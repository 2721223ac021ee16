/** A schema compiled by Ajv into one ES module that needs no package, neither Ajv nor anything else. */
import type { ValidateFunction } from "ajv";
import type { Parts } from "../../kept/parts.ts";
import type { JsonSchema, Pointer } from "../../model/model.ts";
import type { Definitions } from "../json-schema.ts";
import type { Code, Import } from "../print/code.ts";
import type { Reach } from "../reach.ts";
import { createAjv } from "./ajv.ts";
import { moduleOf } from "./module.ts";
import { namesInherited, prepareSchema } from "./prepare.ts";

/** What Ajv knows the schema itself by; shared ones have a number. */
const ROOT_KEY = "root";

/** What to compile. */
export interface ValidatorSource {
  readonly schema: JsonSchema;
  readonly pointer: Pointer;
  /** The name of the shared schema that this is, when it is one. */
  readonly shared?: string | undefined;
  /** Reports every violation, and holds the shared schemas in itself; otherwise the first violation, and imports. */
  readonly everyViolation?: boolean;
}

/** What compiling needs to know of the contract. */
export interface ValidatorContext {
  readonly definitions: Definitions;
  /** Where the validator of a shared schema lies below the root of the generated files. */
  readonly sharedPath: (name: string) => string;
  readonly reach: Reach;
  /** What was compiled before. */
  readonly parts: Parts;
  readonly warn: (pointer: Pointer, message: string) => void;
}

/** A module that exports `validate`. */
export interface ValidatorModule {
  readonly body: Code;
  readonly imports: readonly Import[];
}

/** Compiles a schema. Throws, with the pointer, on one that Ajv cannot compile. */
export function compileValidator(source: ValidatorSource, context: ValidatorContext): ValidatorModule {
  try {
    return compile(source, context);
  } catch (error) {
    throw new Error(
      `the schema at #${source.pointer} cannot be compiled: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}

function compile(
  { schema, pointer, shared, everyViolation = false }: ValidatorSource,
  context: ValidatorContext,
): ValidatorModule {
  const { definitions, sharedPath, warn } = context;
  const names = [...definitions.keys()];
  const keyOf = (name: string) => `shared${names.indexOf(name)}`;
  const referred = new Set<string>();
  const prepare = (inner: JsonSchema, at: Pointer, self: string | undefined, report: ValidatorContext["warn"]) =>
    prepareSchema(inner, at, {
      warn: report,
      referTo(name) {
        if (name === self) return "#";
        referred.add(name);
        return keyOf(name);
      },
    });

  const prepared = prepare(schema, pointer, shared, warn);
  const others = new Map<string, JsonSchema>();
  // The set grows while it is walked, until nothing new is referred to. Shared schemas warn where they are emitted.
  for (const name of referred) {
    others.set(name, everyViolation ? prepare(definitions.get(name) ?? true, pointer, name, () => undefined) : {});
  }
  const ajv = createAjv({ allErrors: everyViolation, ownProperties: namesInherited([prepared, ...others.values()]) });
  ajv.addSchema(prepared, ROOT_KEY);
  const imported = new Map<unknown, string>();
  for (const [name, other] of others) {
    const environment = ajv.addSchema(other, keyOf(name)).schemas[keyOf(name)];
    if (everyViolation || environment === undefined) continue;
    environment.validate = standIn(environment);
    imported.set(environment.validate, sharedPath(name));
  }
  const validate = ajv.getSchema(ROOT_KEY);
  if (validate === undefined) throw new Error("Ajv forgot it");
  return moduleOf(validate, (compiled) => imported.get(compiled));
}

/** A function that Ajv writes calls to, as if it had compiled it; the module imports the real one. */
function standIn(schemaEnv: ValidateFunction["schemaEnv"]): ValidateFunction {
  return Object.assign((data: unknown): data is unknown => data !== undefined, { schema: {}, schemaEnv });
}
