/** Validators that were compiled before, by everything that they are compiled from. */
import { keyOf, type Part } from "../../kept/parts.ts";
import type { Pointer } from "../../model/model.ts";
import { Import, trusted } from "../print/code.ts";
import { printCode } from "../print/source-file.ts";
import { compileValidator, type ValidatorContext, type ValidatorModule, type ValidatorSource } from "./compile.ts";

/** A module as it is kept. */
interface KeptValidator {
  readonly text: string;
  readonly imports: readonly (readonly [name: string, from: string, as: string])[];
  readonly warnings: readonly (readonly [pointer: Pointer, message: string])[];
}

/** Compiles a validator, or finds it compiled. Throws like {@link compileValidator}. */
export function keptValidator(source: ValidatorSource, context: ValidatorContext): ValidatorModule {
  const { parts, reach, sharedPath, warn } = context;
  const { schema, pointer, shared, everyViolation } = source;
  // A validator that imports those of shared schemas does not depend on what they say.
  const others = everyViolation === true ? reach.all(schema) : reach.direct(schema).map((name) => [name, pathTo(name)]);
  const key = keyOf("validator", schema, pointer, shared, everyViolation, others);
  const found = parts.find(key);
  const kept = isKept(found) ? found : compile();
  for (const [at, message] of kept.warnings) warn(at, message);
  return {
    body: trusted(kept.text),
    imports: kept.imports.map(([name, from, as]) => new Import(name, from, { as })),
  };

  /** Of a schema itself the path does not matter. */
  function pathTo(name: string): string {
    return name === shared ? "" : sharedPath(name);
  }

  function compile(): KeptValidator & Part {
    const warnings: [Pointer, string][] = [];
    const { body, imports } = compileValidator(source, {
      ...context,
      warn: (at, message) => void warnings.push([at, message]),
    });
    const made = {
      text: printCode(body),
      imports: imports.map(({ name, from, preferred }) => [name, from, preferred] as const),
      warnings,
    };
    parts.put(key, made);
    return made;
  }
}

function isKept(part: Part | undefined): part is KeptValidator & Part {
  return typeof part?.["text"] === "string" && Array.isArray(part["imports"]) && Array.isArray(part["warnings"]);
}
