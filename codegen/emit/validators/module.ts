/** Ajv's compiled functions as the text of a module: what they refer to is declared, imported or left out. */
import type { AnyValidateFunction, SourceCode } from "ajv/dist/types/index.js";
import type { ValueScopeName } from "ajv/dist/compile/codegen/index.js";
import { data, Import, join, trusted, ts, type Code, type DataValue } from "../print/code.ts";
import { regularExpression, reordering, unicodeEscape } from "../print/literal.ts";
import { checkedFormats } from "./formats.ts";
import { ajvHelper, HELPERS_PATH } from "./helpers.ts";
import type { ValidatorModule } from "./compile.ts";

/**
 * A module of one compiled function and what belongs to it.
 *
 * @param root the function to export as `validate`.
 * @param pathOf the module that exports a function that this one refers to; undefined for one that belongs to this module.
 */
export function moduleOf(
  root: AnyValidateFunction,
  pathOf: (compiled: unknown) => string | undefined,
): ValidatorModule {
  const imports: Import[] = [];
  const constants: Code[] = [];
  const functions: Code[] = [];
  const visited = new Set<string>();

  const declare = (name: ValueScopeName): void => {
    const local = String(name);
    if (visited.has(local)) return;
    visited.add(local);
    const { ref, key, code } = name.value ?? {};
    const constant = (value: Code) => void constants.push(ts`const ${trusted(local)} = ${value};`);
    const path = pathOf(ref);
    if (path !== undefined) imports.push(new Import("validate", path, { as: local }));
    else if (isCompiled(ref)) declareFunction(ref);
    else if (isEnvironment(ref)) {
      constant(trusted(`{ validate: ${ref.validateName} }`));
      if (ref.validate !== undefined) declareFunction(ref.validate);
    } else if (ref instanceof RegExp && name.prefix === "pattern") constant(trusted(regularExpression(ref)));
    else if (name.prefix === "formats") {
      const format = checkedFormats.get(String(key));
      if (format !== undefined) imports.push(new Import(format.helper.name, HELPERS_PATH, { as: local }));
    } else if (name.prefix === "func" && String(code).startsWith("require(")) {
      imports.push(new Import(ajvHelper(String(code)).name, HELPERS_PATH, { as: local }));
    } else if (name.prefix === "func") constant(trusted(String(code)));
    else constant(ts`${data(toData(ref))}`);
  };
  const declareFunction = (compiled: AnyValidateFunction): void => {
    const { validateName, validateCode, scopeValues } = sourceOf(compiled);
    if (visited.has(`function ${String(validateName)}`)) return;
    visited.add(`function ${String(validateName)}`);
    const text = indentBlocks(validateCode);
    for (const names of Object.values(scopeValues)) {
      for (const name of names ?? []) if (mentions(text, String(name))) declare(name);
    }
    functions.push(trusted(text));
  };
  declareFunction(root);
  const parts = [trusted(`export { ${String(sourceOf(root).validateName)} as validate };`), ...functions.toReversed()];
  return { imports, body: join([...(constants.length > 0 ? [join(constants, "\n")] : []), ...parts], "\n\n") };
}

function sourceOf({ source }: AnyValidateFunction): SourceCode {
  if (source === undefined) throw new Error("Ajv kept no source");
  return source;
}

function isCompiled(ref: unknown): ref is AnyValidateFunction {
  return typeof ref === "function" && "schemaEnv" in ref;
}

/** What Ajv keeps of a schema that it was still compiling when something referred to it. */
function isEnvironment(ref: unknown): ref is { validateName: unknown; validate?: AnyValidateFunction } {
  return typeof ref === "object" && ref !== null && "validateName" in ref;
}

function mentions(text: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(text);
}

/** Ajv ends lines and does not indent them. No literal in its code holds a line end. */
function indentBlocks(code: string): string {
  let depth = 0;
  const lines = code
    .trim()
    .split("\n")
    .map((line) => {
      if (line.startsWith("}")) depth--;
      const indented = "  ".repeat(depth) + line;
      if (line.endsWith("{")) depth++;
      return indented;
    });
  return lines.join("\n").replace(reordering, unicodeEscape);
}

function toData(value: unknown): DataValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null)
    return value;
  if (Array.isArray(value)) return value.map(toData);
  if (typeof value !== "object") throw new Error(`a schema holds a ${typeof value}`);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toData(member)]));
}
