/** Values held against generated types, thousands in one run of the compiler. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { unicodeEscape } from "../../print/literal.ts";
import { declareValue } from "../../testing/declare-value.ts";
import { typeErrors } from "../../testing/type-errors.ts";
import { writeFiles } from "../../testing/write-files.ts";

/** A value that is to have a type. */
export interface TypedValue {
  readonly type: { readonly name: string; readonly path: string };
  readonly value: unknown;
  /** Whether an object may share no property with a type of optional ones, which the compiler refuses and no schema says. */
  readonly unrelated: boolean;
}

/** What the compiler says. */
export interface Refusals {
  /** Why a value does not have the type, by its index. */
  readonly values: ReadonlyMap<number, string>;
  /** What is wrong with the generated files themselves. */
  readonly files: readonly string[];
}

const OPEN = "open";

/** Compiles the generated files in a directory with these values beside them. */
export function refusalsOf(
  directory: string,
  files: ReadonlyMap<string, string>,
  values: readonly TypedValue[],
): Refusals {
  writeFiles(join(directory, OPEN), openTypes(files));
  const lines = values.map(({ type, value, unrelated }, index) => {
    const from = JSON.stringify(`./${unrelated ? `${OPEN}/` : ""}${type.path}`);
    const name = `Type${index}`;
    const declared = declareValue(String(index), name, value, "").replace("\n", " ");
    return `import type { ${type.name} as ${name} } from ${from}; ${declared}`.replace(
      /[\u2028\u2029]/g,
      unicodeEscape,
    );
  });
  writeFileSync(join(directory, "values.ts"), `${lines.join("\n")}\n`);
  const refused = new Map<number, string>();
  const wrong: string[] = [];
  let last: number | undefined;
  for (const line of typeErrors(directory)
    .split("\n")
    .filter((text) => text !== "")) {
    const [, number] = /^\S*\bvalues\.ts\((\d+),/.exec(line) ?? [];
    // An explanation is further in than what it explains.
    if (!line.startsWith(" ")) last = number === undefined ? undefined : Number(number) - 1;
    if (last === undefined) wrong.push(line);
    else refused.set(last, [refused.get(last) ?? [], line].flat().join("\n"));
  }
  return { values: refused, files: wrong };
}

/** The types with one more member in each object, by which none consists of optional properties alone. */
function openTypes(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const opened = [...files]
    .filter(([path]) => path.endsWith(".ts"))
    .map(
      ([path, text]) =>
        [path, text.replace(/\{(?=\n *(?:readonly|\/\*\*))/g, "{ readonly [more: symbol]: unknown;")] as const,
    );
  return new Map(opened);
}
