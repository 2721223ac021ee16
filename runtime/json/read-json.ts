/** JSON from strangers: bytes in UTF-8, of bounded depth, refused with the place of the fault. */
import { isDeeperThan } from "./depth.ts";
import { describeSyntaxFault, findSyntaxFault } from "./syntax-fault.ts";

/** A value, or why the bytes are none, as the end of a sentence. No fault quotes what was read. */
export type JsonRead = { readonly value: unknown } | { readonly fault: string };

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a JSON text.
 *
 * A name that is there twice has its last value, and `__proto__` is a property like any other, as `JSON.parse` has it:
 * a schema then refuses what it does not know.
 *
 * @param depth how deep arrays and objects may be nested
 */
export function readJson(bytes: Uint8Array, depth: number): JsonRead {
  if (isDeeperThan(depth, bytes)) return { fault: `it is nested deeper than ${depth} levels` };
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { fault: "its bytes are not UTF-8" };
  }
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    const fault = findSyntaxFault(text);
    return { fault: fault === undefined ? "it cannot be read" : describeSyntaxFault(fault) };
  }
}
