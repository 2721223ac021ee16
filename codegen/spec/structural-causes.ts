/** The judge's errors of structure, without those that follow from others. */
import type { Diagnostic as ParserDiagnostic } from "@asyncapi/parser";
import { type Cause, causesOf } from "./causes.ts";
import { isObject } from "./json.ts";
import { lastToken, parent, tokens, under } from "./pointer.ts";
import type { Source } from "./source.ts";
import { draft07 } from "./structure.ts";

/** As the meta-schemas of AsyncAPI name it. */
const DRAFT = "http://json-schema.org/draft-07/schema";

/**
 * The same errors with the causes in the place of all that the judge says of the structure. Where no
 * cause is found where the judge has errors, they are what they were.
 */
export async function withCauses(
  errors: readonly ParserDiagnostic[],
  { data }: Source,
): Promise<readonly ParserDiagnostic[]> {
  const structural = errors.filter(isStructural);
  if (structural.length === 0 || !isObject(data)) return errors;
  const [{ getSchema }, { AsyncAPIFormats }] = await Promise.all([
    import("@asyncapi/parser/cjs/ruleset/functions/documentStructure.js"),
    import("@asyncapi/parser/cjs/ruleset/formats.js"),
  ]);
  // Without the other files, which lie at the root under names that begin with a dot.
  const document = Object.fromEntries(Object.entries(data).filter(([name]) => !name.startsWith(".")));
  const formats = [...AsyncAPIFormats].map(([, format]) => format).filter((format) => format(document, null));
  const schema = getSchema(new Set(formats), false);
  if (schema === undefined) return errors;
  const causes = causesOf(schema, document, { [DRAFT]: draft07() });
  if (causes.length === 0) return errors;
  const misplaced = new Set(causes.filter(isReference).map(({ at }) => parent(at)));
  const said = causes
    // What is written as a reference lacks all that it refers to.
    .filter(({ at, kind }) => kind !== "missing" || !misplaced.has(at))
    .map((cause) => structural.find((error) => says(error, cause)) ?? written(cause));
  const others = errors.filter((error) =>
    isStructural(error) ? !COVERED.test(error.message) : !SCHEMA_AGAIN.test(String(error.code)),
  );
  return [...new Set([...said, ...others])];
}

/** What the causes say, or what only says that some branch did not fit. */
const COVERED =
  /required property|is not expected to be here|type must be|must be equal to|allowed value|must not be valid|must match|Referencing in this place/;

/** The rules that judge each schema once more by itself. */
const SCHEMA_AGAIN = /^asyncapi\d-schemas/;

function isStructural({ code }: ParserDiagnostic): boolean {
  return String(code).startsWith("asyncapi-document-");
}

/** A reference where there can be none. */
function isReference({ at, kind }: Cause): boolean {
  return kind === "unexpected" && lastToken(at) === "$ref";
}

/** Whether the judge's error is the cause. */
function says({ path, message }: ParserDiagnostic, cause: Cause): boolean {
  const { at, kind, wanted } = cause;
  const place = under("", ...path);
  if (isReference(cause)) return place === parent(at) && message.includes("Referencing in this place");
  if (place !== at) return false;
  if (kind === "missing") return message.includes(`required property "${wanted}"`);
  if (kind === "unexpected") return message.includes("is not expected to be here");
  if (kind === "type") return message.includes("type must be");
  return kind !== "value" || /must be equal to|allowed value/.test(message);
}

/** The cause as the judge would say it, which it did not. */
function written({ at, kind, wanted }: Cause): ParserDiagnostic {
  const path = tokens(at);
  const name = JSON.stringify(path.at(-1) ?? "");
  const message = {
    missing: `${path.length === 0 ? "Object" : `${name} property`} must have required property "${wanted}"`,
    unexpected: `Property ${name} is not expected to be here`,
    type: `${name} property type must be ${wanted}`,
    value: `${name} property must be equal to one of the allowed values: ${wanted}`,
    other: `${name} property must not be what it is`,
  }[kind];
  const start = { line: 0, character: 0 };
  return { code: "asyncapi-document-unresolved", message, path, severity: 0, range: { start, end: start } };
}
