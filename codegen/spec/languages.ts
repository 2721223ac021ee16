/** The languages that a schema can be written in, by `schemaFormat`. */

/** What the keywords of a schema mean: AsyncAPI's schema object, which is JSON Schema draft-07, or OpenAPI 3.0's. */
export type Dialect = "asyncapi" | "openapi";

/** The dialect of a schema that says its format; undefined for a language that is not supported. */
export function dialectOf(format: string): Dialect | undefined {
  if (
    /^application\/vnd\.aai\.asyncapi(\+(json|yaml))?(;\s*version=[23]\.\d+\.\d+)?$/.test(format) ||
    /^application\/schema(\+(json|yaml))?;\s*version=draft-0[467]$/.test(format)
  ) {
    return "asyncapi";
  }
  return /^application\/vnd\.oai\.openapi(\+(json|yaml))?;\s*version=3\.0\.\d+$/.test(format) ? "openapi" : undefined;
}
