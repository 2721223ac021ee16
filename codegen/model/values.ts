/** The validators of a document's schemas, for the values that stand in it. */
import type { ValidateFunction } from "ajv";
import type { Node } from "../spec/node.ts";
import type { Report } from "../spec/report.ts";
import { Schemas } from "./schemas.ts";

/** Compiles the schemas at some places of a document, each once; they report every violation. */
export async function valueCompiler(
  places: readonly Node[],
  report: Report,
): Promise<(schema: Node) => ValidateFunction> {
  const { documentCompiler } = await import("../emit/validators/document.ts");
  const roots = [...new Map(places.map((node) => [node.at, node])).values()];
  const schemas = new Schemas(roots, report, { nameOf: ({ at }) => at, anywhere: true });
  const compile = documentCompiler(
    schemas.shared.map(({ name, schema }) => [name, schema]),
    roots.map((root) => schemas.of(root)),
  );
  const compiled = new Map<string, ValidateFunction>();
  return (node) => {
    const validate = compiled.get(node.at) ?? compile(schemas.of(node));
    compiled.set(node.at, validate);
    return validate;
  };
}
