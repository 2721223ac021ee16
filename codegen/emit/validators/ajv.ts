/** Ajv as validators are compiled with it. */
import { _, Ajv, type KeywordCxt, stringify, type KeywordErrorDefinition } from "ajv";
import { noPropertyInData } from "ajv/dist/vocabularies/code.js";
import { stringList } from "../json-schema.ts";
import { checkedFormats } from "./formats.ts";
import { readDecimals } from "./multiple-of.ts";
import { compilePattern } from "./prepare.ts";

const regExp = Object.assign(compilePattern, { code: "new RegExp" });

/** A fresh Ajv, so that what it calls things depends on one schema alone. */
export function createAjv({ allErrors, ownProperties }: { allErrors: boolean; ownProperties: boolean }): Ajv {
  const ajv = new Ajv({
    allErrors,
    ownProperties,
    strict: false,
    // The contract's schemas were checked when it was read.
    meta: false,
    validateSchema: false,
    addUsedSchema: false,
    inlineRefs: false,
    logger: false,
    code: { source: true, esm: true, lines: true, regExp },
  });
  for (const [name, { format }] of checkedFormats) ajv.addFormat(name, format);
  return requireNameless(readDecimals(listEnumsInErrors(ajv)));
}

/** Otherwise the code of an error refers to the whole schema for the list, which the module would have to hold. */
function listEnumsInErrors(ajv: Ajv): Ajv {
  const definition = ajv.getKeyword("enum");
  if (typeof definition !== "object" || !("code" in definition)) throw new Error("Ajv no longer defines enum by code");
  const error: KeywordErrorDefinition = {
    message: "must be equal to one of the allowed values",
    params: ({ schema }) => _`{allowedValues: ${stringify(schema)}}`,
  };
  return ajv.removeKeyword("enum").addKeyword({ ...definition, keyword: "enum", error });
}

/** Ajv takes the first name that is missing for the answer whether one is, and the empty name is as good as none. */
function requireNameless(ajv: Ajv): Ajv {
  const definition = ajv.getKeyword("required");
  if (typeof definition !== "object" || !("code" in definition))
    throw new Error("Ajv no longer defines required by code");
  const code = (context: KeywordCxt): void => {
    const names = stringList(context.schema);
    if (!names.includes("")) return definition.code(context);
    for (const name of names) {
      context.setParams({ missingProperty: _`${name}` }, true);
      context.fail(noPropertyInData(context.gen, context.data, name, context.it.opts.ownProperties));
    }
  };
  // What stands behind `propertyNames` is not asked of an object without properties.
  return ajv
    .removeKeyword("required")
    .addKeyword({ ...definition, keyword: "required", before: "propertyNames", code });
}
