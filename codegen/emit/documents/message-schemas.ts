/**
 * `schemas/json/<message>.json` and `schemas/json/http/<operation>.*.json`: the schemas of what is no event, each as a
 * document of its own.
 */
import type { Model, NamedSchema } from "../../model/model.ts";
import type { EmitContext } from "../emitter.ts";
import { printSchemaDocument } from "../schema-document.ts";

/** The texts by path. */
export function emitMessageSchemas({ messages, routes }: Model, context: EmitContext): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const add = (path: string, named: NamedSchema | undefined): void => {
    if (named !== undefined) texts.set(`schemas/json/${path}.json`, printSchemaDocument(named, context));
  };
  for (const { file, body, headers } of messages) {
    add(file, body);
    add(`${file}.headers`, headers);
  }
  for (const { file, body, headers, responses } of routes) {
    add(`http/${file}.body`, body);
    add(`http/${file}.headers`, headers);
    for (const response of responses) add(`http/${file}.${response.status}`, response.body);
  }
  return texts;
}
