/** The version of AsyncAPI that a document is written in. */
import { own } from "./json.ts";

/** The major version; undefined for one that is not read. */
export function majorOf(document: unknown): 2 | 3 | undefined {
  const version = own(document, "asyncapi");
  if (typeof version !== "string") return undefined;
  if (/^3\.[01]\.0$/.test(version)) return 3;
  return /^2\.[0-6]\.0$/.test(version) ? 2 : undefined;
}
