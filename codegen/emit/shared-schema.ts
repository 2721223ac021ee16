/** `schemas/<schema>.ts` and its validator: a schema that several messages refer to. */
import type { SharedSchema } from "../model/model.ts";
import { headerOf, type EmitContext } from "./emitter.ts";
import type { SourceFile } from "./print/source-file.ts";
import { emitValidator } from "./validator-files.ts";

/** Where the validator of a shared schema is. */
export function sharedValidatorPath({ file }: SharedSchema): string {
  return `schemas/${file}.validate.js`;
}

/** The type, and the validator that the messages' validators call. */
export async function emitSharedSchema(shared: SharedSchema, context: EmitContext): Promise<SourceFile[]> {
  const { name, file, schema, pointer } = shared;
  const { code } = await context.declareType({ name, schema, pointer });
  return [
    { path: `schemas/${file}.ts`, header: headerOf(context, `#${pointer}`), body: code },
    emitValidator({ path: sharedValidatorPath(shared), source: { schema, pointer, shared: name } }, context),
  ];
}
