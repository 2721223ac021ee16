/** Exported types of generated files. */
import { keyOf, type Part, type Parts } from "../../kept/parts.ts";
import type { JsonSchema, Model, Pointer } from "../../model/model.ts";
import { join, Name, trusted, ts, typeImport, type Code, type Import } from "../print/code.ts";
import { type Definitions, referenceOf, textOf } from "../json-schema.ts";
import type { Reach } from "../reach.ts";
import { docComment, type Documented } from "../print/comment.ts";
import { createGenerator } from "./generator.ts";
import { typesIn } from "./json-types.ts";
import { metaModels, REFERENCE_MARK } from "./meta-models.ts";
import { loadModelina } from "./modelina.ts";
import { readSchema } from "./read-schema.ts";

/** A type to declare. Its documentation is its own, else the schema's. */
export interface Declaration extends Documented {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly pointer: Pointer;
}

/** An exported type, and how code beside it names it. */
export interface DeclaredType {
  readonly code: Code;
  readonly type: Name | Import;
}

/** Writes one exported type. */
export type DeclareType = (declaration: Declaration) => Promise<DeclaredType>;

/** What declaring types needs besides the model. */
export interface DeclarerOptions {
  readonly definitions: Definitions;
  readonly reach: Reach;
  /** What was declared before. */
  readonly parts: Parts;
  /** Is told of what a schema says and TypeScript cannot. */
  readonly warn: (pointer: Pointer, message: string) => void;
}

/** A declaration as it is kept: its text with marked references, and what TypeScript cannot say of it. */
interface KeptType {
  readonly text: string;
  readonly warnings: readonly (readonly [pointer: Pointer, message: string])[];
}

/** Prepares to declare the types of one model. */
export function typeDeclarer(model: Model, { definitions, reach, parts, warn }: DeclarerOptions): DeclareType {
  const files = new Map(model.schemas.map(({ name, file }) => [name, file]));
  const shared = (name: string): Import => {
    const file = files.get(name);
    if (file === undefined) throw new Error(`no shared schema is called ${JSON.stringify(name)}`);
    return typeImport(name, `schemas/${file}.ts`);
  };
  let print: Promise<PrintType> | undefined;
  return async (declaration) => {
    const { name, schema, pointer, description, deprecated } = declaration;
    if (referenceOf(schema) === name) return { code: ts`export type { ${shared(name)} };`, type: shared(name) };
    const declared = new Name(name);
    const within = definitions.get(name) === schema ? name : undefined;
    const key = keyOf("type", name, schema, pointer, within, reach.all(schema));
    const found = parts.find(key);
    const kept = isKept(found) ? found : await make();
    for (const [at, message] of kept.warnings) warn(at, message);
    const referTo = (other: string) => (other === within ? declared : shared(other));
    // Between marks stand the names of shared schemas; everything else is text.
    const texts = kept.text.split(REFERENCE_MARK);
    const pieces = texts.map((text, index) => (index % 2 === 0 ? trusted(text) : referTo(text)));
    const annotations = typeof schema === "boolean" ? {} : schema;
    const comment = docComment({
      description: description ?? textOf(annotations.description),
      deprecated: deprecated === true || annotations.deprecated === true,
    });
    return { code: ts`${trusted(comment)}export ${join(pieces, "")}`, type: declared };

    async function make(): Promise<KeptType & Part> {
      print ??= typePrinter(definitions);
      const made = { ...(await (await print)(declaration, within)) };
      parts.put(key, made);
      return made;
    }
  };
}

type PrintType = (declaration: Declaration, within: string | undefined) => Promise<KeptType>;

/** What prints types that were never printed before: only then Modelina is loaded. */
async function typePrinter(definitions: Definitions): Promise<PrintType> {
  const modelina = await loadModelina();
  const generator = createGenerator(modelina);
  const models = metaModels(modelina);
  const typesOf = typesIn(definitions);
  return async ({ name, schema, pointer }, within) => {
    const warnings: [Pointer, string][] = [];
    const warn = (at: Pointer, message: string) => void warnings.push([at, message]);
    const root = models.named(name, readSchema(schema, pointer, { models, definitions, typesOf, warn, within }));
    const input = new modelina.InputMetaModel();
    input.models = { [name]: root };
    const [output] = await generator.generate(input);
    if (output === undefined) throw new Error(`Modelina wrote nothing for ${name}`);
    return { text: output.result, warnings };
  };
}

function isKept(part: Part | undefined): part is KeptType & Part {
  return typeof part?.["text"] === "string" && Array.isArray(part["warnings"]);
}
