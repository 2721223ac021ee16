/** How generated code names the type of one value of a payload: `Payload<OrderCreatedV1>["items"][number]`. */
import { viewElement, viewObject, admitsNull } from "../../evolution/mapping/schema-view.ts";
import type { EventVersion } from "../../model/model.ts";
import type { Definitions } from "../json-schema.ts";
import { stringLiteral } from "../print/literal.ts";

/** The type of the value at a path, `*` for every element. */
export function typeAt(version: EventVersion, path: readonly string[], definitions: Definitions): string {
  let text = `Payload<${version.typeName}>`;
  let schema = version.schema;
  let isMissing = false;
  for (const name of path) {
    const holder = isMissing ? `NonNullable<${text}>` : text;
    if (name === "*") {
      text = `${holder}[number]`;
      schema = viewElement(schema, definitions) ?? true;
      isMissing = admitsNull(schema, definitions);
    } else {
      text = `${holder}[${stringLiteral(name)}]`;
      const property = viewObject(schema, definitions)?.properties.get(name);
      schema = property?.schema ?? true;
      isMissing = property?.required !== true || admitsNull(schema, definitions);
    }
  }
  return text;
}

/** The members of the value at a path as a type of their own. */
export function pickType(
  version: EventVersion,
  path: readonly string[],
  members: readonly string[],
  definitions: Definitions,
): string {
  const holder = typeAt(version, path, definitions);
  const present = path.length === 0 || path.at(-1) === "*" ? holder : `NonNullable<${holder}>`;
  return `Pick<${present}, ${members.map(stringLiteral).join(" | ")}>`;
}
