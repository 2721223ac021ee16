/** The generated JSON Schemas as judges of bodies, with the verdicts of the generated validators. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describeFaults } from "@tandem/runtime";
import type { ValidateFunction } from "ajv";
import { compileDocument } from "../../codegen/emit/validators/document.ts";
import { isObject } from "../../codegen/spec/json.ts";
import { OpsError } from "../error.ts";
import type { TopologyMessage } from "../topology.ts";

export interface Schemas {
  /**
   * What is wrong with a body, in words; undefined when it satisfies its version.
   *
   * @throws OpsError when the schema was not generated
   */
  faultsOf(message: TopologyMessage, body: unknown): string | undefined;
}

/** Schemas by the paths that a topology names, which begin where the topology lies. Compiled when they are asked. */
export function schemasBeside(topologyPath: string): Schemas {
  const compiled = new Map<string, ValidateFunction>();
  const validatorOf = ({ schema }: TopologyMessage): ValidateFunction => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const validate = compileDocument(readDocument(join(dirname(topologyPath), schema)));
    compiled.set(schema, validate);
    return validate;
  };
  return {
    faultsOf(message, body) {
      const validate = validatorOf(message);
      try {
        if (validate(body)) return undefined;
      } catch {
        // A schema that refers to itself recurses as deep as the body does.
        return "the body is nested too deep";
      }
      return describeFaults((validate.errors ?? []).slice()) || "its validator failed";
    },
  };
}

function readDocument(path: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (isObject(document)) return document;
  } catch (cause) {
    throw new OpsError(`${path} cannot be read. Run \`npm run codegen\`, or name the topology with --topology.`, {
      cause,
    });
  }
  throw new OpsError(`${path} is no JSON Schema. It is generated: run \`npm run codegen\`.`);
}
