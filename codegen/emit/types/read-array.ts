/** Arrays and tuples of a JSON Schema. */
import type { MetaModel } from "@asyncapi/modelina";
import type { JsonSchema, Pointer } from "../../model/model.ts";
import { childPointer, isSchema, schemaList, type SchemaObject } from "../json-schema.ts";
import type { MetaModels } from "./meta-models.ts";

/** The meta model of the arrays that a schema accepts. */
export function readArray(
  schema: SchemaObject,
  pointer: Pointer,
  read: (schema: JsonSchema, pointer: Pointer) => MetaModel,
  models: MetaModels,
): MetaModel {
  if (!Array.isArray(schema.items)) {
    const items = isSchema(schema.items) ? schema.items : true;
    return models.array(read(items, childPointer(pointer, "items")));
  }
  const limit = typeof schema.maxItems === "number" ? schema.maxItems : Number.POSITIVE_INFINITY;
  const items = schemaList(schema.items);
  const elements = items.slice(0, limit).map((item, index) => read(item, childPointer(pointer, "items", index)));
  const further = isSchema(schema.additionalItems) ? schema.additionalItems : true;
  const closed = further === false || limit <= items.length;
  // An array may end before any element that `minItems` does not ask for.
  const required = Math.min(typeof schema.minItems === "number" ? schema.minItems : 0, elements.length);
  const rest = closed ? undefined : models.array(read(further, childPointer(pointer, "additionalItems")));
  return models.tuple(elements, required, rest);
}
