/** Validators of schemas that only change with the tool, compiled once and kept as modules. */
import type { Ajv, ValidateFunction } from "ajv";
import { loadPackage, type Load } from "./load-package.ts";
import { findModule, keepModule, type KeptModule } from "./tool-folder.ts";

/** Whether a value satisfies a schema. */
export type Accepts = (value: unknown) => boolean;

/** What is to be compiled, and how. */
export interface Compilation {
  /** In words for a file name. */
  readonly purpose: string;
  readonly schema: object;
  /** Loads Ajv's own parts, and what compiled code needs. */
  readonly load: Load;
  /** An Ajv whose code keeps its source, with everything that the schema refers to. */
  readonly createAjv: () => Ajv;
}

/**
 * A function that only says yes or no. Undefined where nothing can be kept: compiling it for one use would cost what
 * it saves.
 */
export function keptValidator(compilation: Compilation): Accepts | undefined {
  const { purpose, schema, load } = compilation;
  const module = { purpose, madeFrom: JSON.stringify([versionOf(load), schema]), extension: ".cjs" };
  try {
    const path = findModule(module) ?? compile(compilation, module);
    return path === undefined ? undefined : acceptsOf(load(path), load);
  } catch {
    // What cannot be compiled ahead is left to who compiles it when it is needed.
    return undefined;
  }
}

/** What writes a compiled function down. */
interface Standalone {
  readonly default: (ajv: Ajv, validate: ValidateFunction) => string;
}

function compile({ schema, load, createAjv }: Compilation, module: KeptModule): string | undefined {
  const { default: textOf } = loadPackage<Standalone>(load, "ajv/dist/standalone/index.js", ["default"]);
  const ajv = createAjv();
  const text = textOf(ajv, ajv.compile(schema));
  return keepModule(
    module,
    `module.exports = (require) => {\nconst module = {};\n${text}\nreturn module.exports;\n};\n`,
  );
}

function acceptsOf(made: unknown, load: Load): Accepts | undefined {
  const accepts = isCallable(made) ? made(load) : undefined;
  return isCallable(accepts) ? (value) => accepts(value) === true : undefined;
}

function isCallable(value: unknown): value is (argument: unknown) => unknown {
  return typeof value === "function";
}

function versionOf(load: Load): string {
  return loadPackage<{ readonly version: string }>(load, "ajv/package.json", ["version"]).version;
}
