/** Exported types of generated files. */
import type { JsonSchema, Model, Pointer } from "../../model/model.ts";
import { join, Name, trusted, ts, typeImport, type Code, type Import } from "../print/code.ts";
import { referenceOf, textOf } from "../json-schema.ts";
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

/**
 * Prepares to declare the types of one model.
 *
 * @param warn is told of what a schema says and TypeScript cannot.
 */
export async function typeDeclarer(
  model: Model,
  warn: (pointer: Pointer, message: string) => void,
): Promise<DeclareType> {
  const modelina = await loadModelina();
  const generator = createGenerator(modelina);
  const models = metaModels(modelina);
  const definitions = new Map(model.schemas.map(({ name, schema }) => [name, schema]));
  const typesOf = typesIn(definitions);
  const files = new Map(model.schemas.map(({ name, file }) => [name, file]));
  const shared = (name: string): Import => {
    const file = files.get(name);
    if (file === undefined) throw new Error(`no shared schema is called ${JSON.stringify(name)}`);
    return typeImport(name, `schemas/${file}.ts`);
  };
  return async ({ name, schema, pointer, description, deprecated }) => {
    if (referenceOf(schema) === name) return { code: ts`export type { ${shared(name)} };`, type: shared(name) };
    const declared = new Name(name);
    const within = definitions.get(name) === schema ? name : undefined;
    const root = models.named(name, readSchema(schema, pointer, { models, definitions, typesOf, warn, within }));
    const input = new modelina.InputMetaModel();
    input.models = { [name]: root };
    const [output] = await generator.generate(input);
    if (output === undefined) throw new Error(`Modelina wrote nothing for ${name}`);
    const referTo = (other: string) => (other === within ? declared : shared(other));
    // Between marks stand the names of shared schemas; everything else is text.
    const texts = output.result.split(REFERENCE_MARK);
    const parts = texts.map((text, index) => (index % 2 === 0 ? trusted(text) : referTo(text)));
    const annotations = typeof schema === "boolean" ? {} : schema;
    const comment = docComment({
      description: description ?? textOf(annotations.description),
      deprecated: deprecated === true || annotations.deprecated === true,
    });
    return { code: ts`${trusted(comment)}export ${join(parts, "")}`, type: declared };
  };
}
