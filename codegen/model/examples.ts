/** Checks every example of a contract against the schema that stands beside it, with the validator that services use. */
import type { ErrorObject } from "ajv";
import type { Contract, MessageSpec, Said } from "../spec/contract.ts";
import type { Node } from "../spec/node.ts";
import { under } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import { valueCompiler } from "./values.ts";

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
  const compile = await valueCompiler(
    claims.map(({ schema }) => schema),
    report,
  );
  for (const { message, example, schema } of claims) {
    const validate = compile(schema);
    if (validate(example.value)) continue;
    const errors = withoutUmbrellas(validate.errors ?? []);
    for (const error of errors.slice(0, SHOWN)) reportError(message, example, error, report);
  }
}

function claimsOf(contract: Contract): Claim[] {
  const messages = new Map(
    [
      ...contract.channels.flatMap((channel) => channel.messages.map(({ message }) => message)),
      ...contract.spareMessages,
    ].map((message) => [message.at, message]),
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
    report.fault(
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
  report.fault(
    "EXAMPLE_INVALID",
    at,
    `an example of ${message.key} does not satisfy its schema: ${value} ${wanted}${allowed}`,
    "Mend the example, or the schema.",
  );
}
