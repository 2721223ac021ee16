/** Checks every example of a contract against the schema that stands beside it, with the validator that services use. */
import type { ErrorObject } from "ajv";
import type { Contract, MessageSpec, Said } from "../spec/contract.ts";
import type { Node } from "../spec/node.ts";
import { under } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import type { JsonSchema } from "./model.ts";
import { Schemas } from "./schemas.ts";

/** Faults of one example that are shown: the first ones are the ones to mend. */
const SHOWN = 5;

/** An example with the schema that it must satisfy. */
interface Claim {
  readonly message: MessageSpec;
  readonly example: Said<unknown>;
  readonly schema: Node;
}

/** Reports the places in examples that their schemas refuse. */
export async function checkExamples(contract: Contract, report: Report): Promise<void> {
  const claims = claimsOf(contract);
  if (claims.length === 0) return;
  const [{ Ajv }, { default: formats }, { readDecimals }] = await Promise.all([
    import("ajv"),
    import("ajv-formats"),
    import("../emit/validators/multiple-of.ts"),
  ]);
  const ajv = readDecimals(new Ajv({ allErrors: true, strict: false, validateSchema: false, logger: false }));
  formats.default(ajv);
  const roots = new Map(claims.map(({ schema }) => [schema.at, schema]));
  const schemas = new Schemas([...roots.values()], report);
  ajv.addSchema({ $id: "contract", definitions: definitionsOf(schemas, roots) });
  for (const { message, example, schema } of claims) {
    const validate = ajv.compile({ $ref: `contract#/definitions/${rootName(schema)}` });
    if (validate(example.value)) continue;
    const errors = withoutUmbrellas(validate.errors ?? []);
    for (const error of errors.slice(0, SHOWN)) reportError(message, example, error, report);
  }
}

function claimsOf(contract: Contract): Claim[] {
  const messages = new Map(
    contract.channels.flatMap((channel) => channel.messages.map((use) => [use.message.at, use.message])),
  );
  return [...messages.values()].flatMap((message) =>
    message.examples.flatMap((example) => [
      ...(example.payload !== undefined && message.payload !== undefined
        ? [{ message, example: example.payload, schema: message.payload }]
        : []),
      ...(example.headers !== undefined && message.headers !== undefined
        ? [{ message, example: example.headers, schema: message.headers }]
        : []),
    ]),
  );
}

/** Shared schemas and roots beside each other, so that each is compiled once. */
function definitionsOf(schemas: Schemas, roots: ReadonlyMap<string, Node>): Record<string, JsonSchema> {
  return Object.fromEntries([
    ...schemas.shared.map(({ name, schema }) => [name, schema] as const),
    ...[...roots.values()].map((root) => [rootName(root), schemas.of(root)] as const),
  ]);
}

/** A name for a root that no shared schema has, and that needs no escape in a pointer. */
function rootName(root: Node): string {
  return `at:${Buffer.from(root.at).toString("hex")}`;
}

/** A branch that did not fit is reported by what did not fit in it. */
function withoutUmbrellas(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const inner = errors.filter(({ keyword }) => !["anyOf", "oneOf", "allOf", "if", "not"].includes(keyword));
  return inner.length > 0 ? inner : errors;
}

function reportError(message: MessageSpec, example: Said<unknown>, error: ErrorObject, report: Report): void {
  const { keyword, params, instancePath } = error;
  const value = instancePath === "" ? "the value" : instancePath;
  const at = example.at + instancePath;
  if (keyword === "additionalProperties") {
    const name = String(params["additionalProperty"]);
    report.error(
      "EXAMPLE_INVALID",
      { at: under(at, name), side: "name" },
      `an example of ${message.key} has ${name}, which its schema does not allow`,
      "Remove it, or declare it in the schema.",
    );
    return;
  }
  const allowed =
    keyword === "enum" && Array.isArray(params["allowedValues"])
      ? `: ${params["allowedValues"].map((one) => JSON.stringify(one)).join(", ")}`
      : "";
  const wanted = keyword === "const" ? `must be ${JSON.stringify(params["allowedValue"])}` : (error.message ?? keyword);
  report.error(
    "EXAMPLE_INVALID",
    at,
    `an example of ${message.key} does not satisfy its schema: ${value} ${wanted}${allowed}`,
    "Mend the example, or the schema.",
  );
}
