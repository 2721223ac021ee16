/** The two files of a compiled validator: the module, and the types that TypeScript sees in its place. */
import { headerOf, runtimeType, type EmitContext } from "./emitter.ts";
import { Name, ts, typeImport } from "./print/code.ts";
import type { SourceFile } from "./print/source-file.ts";
import type { ValidatorSource } from "./validators/compile.ts";
import { keptValidator } from "./validators/kept.ts";

/** A validator to emit. */
export interface ValidatorFile {
  /** Below the root of the generated files, ending in `.validate.js`. */
  readonly path: string;
  readonly source: ValidatorSource;
}

/** Comments by which tools that look at JavaScript leave a file alone. */
export const UNCHECKED = ["/* eslint-disable */", "// @ts-nocheck"];

/** The module: a function `validate` that keeps its violations in `validate.errors`. */
export function emitValidator({ path, source }: ValidatorFile, context: EmitContext): SourceFile {
  const { body, imports } = keptValidator(source, context.validators);
  return { path, header: [...headerOf(context, `#${source.pointer}`), ...UNCHECKED], imports, body };
}

/** What TypeScript is told of the module. */
export function emitValidatorTypes(
  { path, source }: ValidatorFile,
  guarded: { readonly type: string; readonly from: string },
  context: EmitContext,
): SourceFile {
  return {
    path: path.replace(/\.js$/, ".d.ts"),
    header: headerOf(context, `#${source.pointer}`),
    body: ts`export const ${new Name("validate")}: ${runtimeType("Validator")}<${typeImport(guarded.type, guarded.from)}>;`,
  };
}
