/** Files that were printed before, by everything that they are made from. */
import { keyOf, type Part, type Parts } from "../kept/parts.ts";
import type { EmitContext } from "./emitter.ts";
import { printSourceFile, type SourceFile } from "./print/source-file.ts";
import { HELPERS_PATH } from "./validators/helpers.ts";
import type { Warnings } from "./warnings.ts";

/** A file's path below the root of the generated files, and its text. */
export type PrintedFile = readonly [path: string, text: string];

/** What one thing of a contract comes to, in plain data. */
export interface Printed {
  readonly files: readonly PrintedFile[];
  /** The names of what its validators import of the module that all share. */
  readonly helpers: readonly string[];
  readonly warnings: Warnings["list"];
}

/** A thing of a contract whose files depend on nothing but itself, and on the shared schemas that it refers to. */
export interface Thing {
  /** What emits it. */
  readonly maker: string;
  /** All that the contract says of it: its files are made from this alone. */
  readonly madeFrom: unknown;
  readonly sources: () => Promise<readonly SourceFile[]>;
  /** Files that are no source code. */
  readonly documents?: () => readonly PrintedFile[];
}

/** Prints the files of a thing, or finds them printed. */
export async function keptFiles(
  { maker, madeFrom, sources, documents = () => [] }: Thing,
  { source, command, validators: { reach, sharedPath } }: EmitContext,
  { parts, warnings }: { readonly parts: Parts; readonly warnings: Warnings },
): Promise<Printed> {
  const reached = reach.all(madeFrom).map(([name, digest]) => [name, digest, sharedPath(name)]);
  const key = keyOf(`files of ${maker}`, source, command, madeFrom, reached);
  const found = parts.find(key);
  if (isPrinted(found)) {
    for (const { pointer, message } of found.warnings) warnings.warn(pointer, message);
    return found;
  }
  return await parts.putTogether(key, async (): Promise<Printed & Part> => {
    const before = warnings.list.length;
    const made = await sources();
    return {
      files: [...made.map((one): PrintedFile => [one.path, printSourceFile(one)]), ...documents()],
      helpers: helpersOf(made),
      warnings: warnings.list.slice(before),
    };
  });
}

/** What sources import of the module that all validators share. */
function helpersOf(sources: readonly SourceFile[]): readonly string[] {
  const imports = sources.flatMap((source) => source.imports ?? []).filter(({ from }) => from === HELPERS_PATH);
  return [...new Set(imports.map(({ name }) => name))];
}

function isPrinted(part: Part | undefined): part is Printed & Part {
  return Array.isArray(part?.["files"]) && Array.isArray(part["helpers"]) && Array.isArray(part["warnings"]);
}
