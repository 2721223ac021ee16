/** Puts a schema from elsewhere in the place of one, with what every event carries. */
import { parseDocument, stringify } from "yaml";
import { isList, isObject, own } from "../spec/json.ts";
import { type Pointer, under } from "../spec/pointer.ts";
import type { ContractEditor } from "./contract-editor.ts";

/** A schema as lines of a YAML block, as it is written where it is YAML; undefined when it is no schema of an object. */
export function schemaLines(text: string): readonly string[] | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const schema: unknown = document.toJS();
  if (!isObject(schema) || !isObject(own(schema, "properties"))) return undefined;
  const isBlock = !text.trimStart().startsWith("{") && !text.includes("\t");
  const block = isBlock ? text.replace(/^---.*\n/, "") : stringify(schema, { lineWidth: 0, singleQuote: true });
  return block.trimEnd().split(/\r?\n/);
}

/** Replaces a schema. `version` and `meta` are those of the one that stood there when the new one leaves them out. */
export function replaceSchema(editor: ContractEditor, at: Pointer, lines: readonly string[]): void {
  const before = editor.value(at);
  const schema: unknown = parseDocument(lines.join("\n")).toJS();
  editor.set(at, schema, { block: lines });
  const required = own(schema, "required");
  const wasRequired = own(before, "required");
  for (const name of ["version", "meta"]) {
    const old = own(own(before, "properties"), name);
    if (old === undefined) continue;
    // A schema that was copied from an older version still says that one.
    if (name === "version" || own(own(schema, "properties"), name) === undefined)
      editor.set(under(at, "properties", name), old);
    const isRequired = isList(wasRequired) && wasRequired.includes(name);
    const list: unknown = editor.value(under(at, "required")) ?? required;
    if (!isRequired || (isList(list) && list.includes(name))) continue;
    editor.set(under(at, "required"), isList(list) ? [name, ...list] : [name]);
  }
}
