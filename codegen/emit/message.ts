/** `events/<event>/v<N>.ts` and its validator: one major version of an event. */
import type { Event, EventVersion, JsonSchema } from "../model/model.ts";
import { DESCRIPTOR_FORMAT, headerOf, runtime, type EmitContext } from "./emitter.ts";
import { isObject } from "./json-schema.ts";
import { block, Import, Name, trusted, ts } from "./print/code.ts";
import { docComment } from "./print/comment.ts";
import type { SourceFile } from "./print/source-file.ts";
import { schemaAddress } from "./schema-document.ts";
import { emitValidator, emitValidatorTypes } from "./validator-files.ts";

/** Where a version's type and descriptor are. */
export function messagePath(event: Event, version: EventVersion): string {
  return `events/${event.directory}/v${version.number}.ts`;
}

/** The type, the descriptor and the validator of one version. */
export async function emitMessage(event: Event, version: EventVersion, context: EmitContext): Promise<SourceFile[]> {
  const path = messagePath(event, version);
  const validator = {
    path: path.replace(/\.ts$/, ".validate.js"),
    source: { schema: version.schema, pointer: version.schemaPointer },
  };
  const deprecated = version.state === "deprecated";
  const { code, type } = await context.declareType({
    name: version.typeName,
    schema: withVersion(version),
    pointer: version.schemaPointer,
    description: version.description,
    deprecated,
  });
  const descriptor = block({
    format: DESCRIPTOR_FORMAT,
    message: version.typeName,
    type: version.type,
    version: version.number,
    subject: version.subject,
    hasMeta: version.hasMeta,
    sensitive: version.sensitive,
    dataschema: schemaAddress(event, version),
    validate: new Import("validate", validator.path),
  });
  const body = ts`
    ${code}

    ${trusted(docComment({ deprecated }))}export const ${new Name(version.constName)} = ${runtime("defineMessage")}<${type}>(${descriptor});
  `;
  return [
    { path, header: headerOf(context, `#${version.pointer}`), body },
    emitValidator(validator, context),
    emitValidatorTypes(validator, { type: version.typeName, from: path }, context),
  ];
}

/** The schema for the type: a subject carries one version, whatever wider pattern the schema has for it. */
function withVersion({ schema, versionLiteral }: EventVersion): JsonSchema {
  if (versionLiteral === undefined || typeof schema === "boolean") return schema;
  const { properties } = schema;
  if (!isObject(properties) || !Object.hasOwn(properties, "version")) {
    return { allOf: [schema, { type: "object", properties: { version: { const: versionLiteral } } }] };
  }
  const description = isObject(properties.version) ? properties.version.description : undefined;
  return { ...schema, properties: { ...properties, version: { const: versionLiteral, description } } };
}
