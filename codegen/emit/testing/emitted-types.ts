/** Every exported type that is generated from a model, with where it and its validator are. */
import type { JsonSchema, Model, NamedSchema, Pointer } from "../../model/model.ts";
import { messagePath } from "../message.ts";
import { channelPath } from "../plain/channel.ts";
import { plainMessagePath } from "../plain/message.ts";

export interface EmittedType {
  readonly name: string;
  /** Below the root of the generated files. */
  readonly path: string;
  readonly validator: string;
  readonly schema: JsonSchema;
  readonly pointer: Pointer;
}

/** The types whose values a validator decides about. */
export function emittedTypes(model: Model): readonly EmittedType[] {
  const part = (named: NamedSchema | undefined, path: string, which: string): EmittedType[] =>
    named === undefined
      ? []
      : [{ ...named, name: named.typeName, path, validator: path.replace(/\.ts$/, `${which}.validate.js`) }];
  return [
    ...model.schemas.map(({ name, file, schema, pointer }) => ({
      name,
      path: `schemas/${file}.ts`,
      validator: `schemas/${file}.validate.js`,
      schema,
      pointer,
    })),
    ...model.events.flatMap((event) =>
      event.versions.flatMap((version) =>
        part({ ...version, pointer: version.schemaPointer }, messagePath(event, version), ""),
      ),
    ),
    ...model.messages.flatMap((message) => [
      ...part(message.body, plainMessagePath(message), ""),
      ...part(message.headers, plainMessagePath(message), ".headers"),
    ]),
    ...model.channels.flatMap((channel) => part(channel.parameters, channelPath(channel), ".parameters")),
    ...model.routes.flatMap((route) => [
      ...part(route.body, `http/${route.file}.ts`, ".body"),
      ...part(route.headers, `http/${route.file}.ts`, ".headers"),
    ]),
  ];
}
