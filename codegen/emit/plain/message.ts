/** `messages/<message>.ts` and its validators: a message that is no version of an event. */
import type { JsonSchema, Message, NamedSchema } from "../../model/model.ts";
import { headerOf, type EmitContext } from "../emitter.ts";
import { block, data, Import, join, Name, trusted, ts, type Code } from "../print/code.ts";
import { LINE_WIDTH } from "../print/data.ts";
import { docComment } from "../print/comment.ts";
import type { SourceFile } from "../print/source-file.ts";
import type { DeclaredType } from "../types/declare-type.ts";
import { emitValidator, emitValidatorTypes } from "../validator-files.ts";
import { messagingType } from "./messaging.ts";

/** Where the descriptor of a message is. */
export function plainMessagePath({ file }: Message): string {
  return `messages/${file}.ts`;
}

/** The types of body and headers, the descriptor, and a validator for each of the two. */
export async function emitPlainMessage(message: Message, context: EmitContext): Promise<SourceFile[]> {
  const { body, headers, description, deprecated } = message;
  const path = plainMessagePath(message);
  const bodyType = await declare(body, context, { description, deprecated });
  const headersType = await declare(headers, context, {});
  const validators = {
    body: path.replace(/\.ts$/, ".validate.js"),
    headers: path.replace(/\.ts$/, ".headers.validate.js"),
  };
  const descriptor = block({
    name: message.key,
    version: message.version,
    contentType: message.contentType,
    validate: body && new Import("validate", validators.body),
    validateHeaders: headers && new Import("validate", validators.headers, { as: "validateHeaders" }),
    sensitive: message.sensitive,
  });
  const type = messageType(message, typesOf(bodyType, headersType));
  const definition = ts`
    ${trusted(docComment({ description: bodyType === undefined ? description : undefined, deprecated }))}export const ${new Name(message.constName)}: ${type} = ${descriptor};
  `;
  const declared = [bodyType, headersType].flatMap((one) => (one === undefined ? [] : [one.code]));
  return [
    { path, header: headerOf(context, `#${message.pointer}`), body: join([...declared, definition], "\n\n") },
    ...validatorOf(body, validators.body, path, context),
    ...validatorOf(headers, validators.headers, path, context),
  ];
}

/** On one line where it fits. */
function messageType({ key, constName, body, headers }: Message, types: readonly Code[]): Code {
  const members = [data(key), ...types];
  const names = [JSON.stringify(key), body?.typeName ?? "", headers?.typeName ?? ""];
  const width = `export const ${constName}: Message<${names.join(", ")}> = {`.length;
  if (width <= LINE_WIDTH) return ts`${messagingType("Message")}<${join(members, ", ")}>`;
  return ts`
    ${messagingType("Message")}<
      ${join(members, ",\n")}
    >
  `;
}

function declare(
  named: NamedSchema | undefined,
  { declareType }: EmitContext,
  documented: { readonly description?: string | undefined; readonly deprecated?: boolean },
): Promise<DeclaredType | undefined> {
  if (named === undefined) return Promise.resolve(undefined);
  return declareType({ name: named.typeName, schema: named.schema, pointer: named.pointer, ...documented });
}

function typesOf(body: DeclaredType | undefined, headers: DeclaredType | undefined): Code[] {
  if (headers !== undefined) return [ts`${body?.type ?? trusted("unknown")}`, ts`${headers.type}`];
  return body === undefined ? [] : [ts`${body.type}`];
}

/** The two files of the validator of a part of something, if there is that part. */
export function validatorOf(
  named: { readonly typeName: string; readonly pointer: string; readonly schema: JsonSchema } | undefined,
  path: string,
  from: string,
  context: EmitContext,
): SourceFile[] {
  if (named === undefined) return [];
  const source = { schema: named.schema, pointer: named.pointer };
  return [
    emitValidator({ path, source }, context),
    emitValidatorTypes({ path, source }, { type: named.typeName, from }, context),
  ];
}
