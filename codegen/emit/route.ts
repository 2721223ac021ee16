/** `http/<route>.ts` and its validators: one operation of the HTTP door. */
import type { NamedSchema, Route } from "../model/model.ts";
import { DESCRIPTOR_FORMAT, headerOf, runtime, type EmitContext } from "./emitter.ts";
import { block, Code, Import, join, Name, trusted, ts } from "./print/code.ts";
import { docComment } from "./print/comment.ts";
import type { SourceFile } from "./print/source-file.ts";
import { emitValidator, emitValidatorTypes } from "./validator-files.ts";

/** The types of a route's bodies and headers, its descriptor, and a validator for each part of a request. */
export async function emitRoute(route: Route, context: EmitContext): Promise<SourceFile[]> {
  const { body, headers, responses, operation, method, path, sensitive } = route;
  const file = `http/${route.file}.ts`;
  const declare = async (named: NamedSchema | undefined) =>
    named && context.declareType({ name: named.typeName, schema: named.schema, pointer: named.pointer });
  const bodyType = await declare(body);
  const headersType = await declare(headers);
  const answers = new Map(responses.map((response) => [response.body.typeName, response.body]));
  const answerTypes = await Promise.all([...answers.values()].map(declare));

  const validators = {
    validateBody: `http/${route.file}.body.validate.js`,
    validateHeaders: `http/${route.file}.headers.validate.js`,
  };
  const descriptor = block({
    format: DESCRIPTOR_FORMAT,
    operation,
    method,
    path,
    validateBody: body && new Import("validate", validators.validateBody, { as: "validateBody" }),
    validateHeaders: headers && new Import("validate", validators.validateHeaders, { as: "validateHeaders" }),
    sensitive,
  });
  const generics: readonly Code[] = [
    ...(bodyType || headersType ? [ts`${bodyType?.type ?? trusted("unknown")}`] : []),
    ...(headersType ? [ts`${headersType.type}`] : []),
  ];
  const definition = ts`
    ${trusted(docComment({ description: route.summary }))}export const ${new Name(operation)} = ${runtime("defineRoute")}${typeArguments(generics)}(${descriptor});
  `;
  const types = [bodyType, headersType, ...answerTypes].flatMap((declared) =>
    declared === undefined ? [] : [declared.code],
  );
  const emitPart = (named: NamedSchema | undefined, validator: string): SourceFile[] => {
    if (named === undefined) return [];
    const source = { schema: named.schema, pointer: named.pointer, everyViolation: true };
    return [
      emitValidator({ path: validator, source }, context),
      emitValidatorTypes({ path: validator, source }, { type: named.typeName, from: file }, context),
    ];
  };
  return [
    { path: file, header: headerOf(context, `#${route.pointer}`), body: join([...types, definition], "\n\n") },
    ...emitPart(body, validators.validateBody),
    ...emitPart(headers, validators.validateHeaders),
  ];
}

function typeArguments(list: readonly Code[]): Code {
  return list.length === 0 ? new Code([]) : ts`<${join(list, ", ")}>`;
}
