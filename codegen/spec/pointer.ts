/** JSON pointers (RFC 6901), as everything here names a place in a document. */

/** A JSON pointer without a leading `#`; empty for the whole document. */
export type Pointer = string;

/** The place of a member or element under `pointer`. */
export function under(pointer: Pointer, ...tokens: readonly (string | number)[]): Pointer {
  let at = pointer;
  for (const token of tokens) at += `/${escaped(String(token))}`;
  return at;
}

/** Most tokens hold nothing to escape, and pointers are made by the ten thousand. */
function escaped(token: string): string {
  return token.includes("~") || token.includes("/") ? token.replaceAll("~", "~0").replaceAll("/", "~1") : token;
}

/** The unescaped tokens of a pointer. */
export function tokens(pointer: Pointer): string[] {
  if (pointer === "") return [];
  const found = pointer.slice(1).split("/");
  return pointer.includes("~") ? found.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~")) : found;
}

/** The place that `pointer` is a member or element of, and the last token. */
export function parent(pointer: Pointer): Pointer {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf("/")));
}

/** The last token, unescaped; empty for the whole document. */
export function lastToken(pointer: Pointer): string {
  return tokens(pointer).at(-1) ?? "";
}

/** Whether `inner` is `outer` or lies within it. */
export function within(inner: Pointer, outer: Pointer): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** The pointer that a `$ref` inside the document holds, percent-decoded; undefined when it leads out of the document. */
export function pointerOfRef(ref: string): Pointer | undefined {
  if (ref !== "#" && !ref.startsWith("#/")) return undefined;
  try {
    return decodeURIComponent(ref.slice(1));
  } catch {
    return ref.slice(1);
  }
}

/** What a pointer or a reference inside the joined document is in words: `./common.yaml#/schemas/Id`. */
export function shownPlace(at: Pointer): string {
  const { file, inside } = placeIn(at);
  return `${file}#${inside}`;
}

/** The file that a pointer leads into, empty for the contract itself, and the pointer inside it. */
export function placeIn(at: Pointer): { readonly file: string; readonly inside: Pointer } {
  const [first = "", ...rest] = tokens(at);
  return isFileName(first) ? { file: first, inside: under("", ...rest) } : { file: "", inside: at };
}

/** What a file is called at the root of the joined document, by its path from the folder of the contract. */
export function fileName(path: string): string {
  return isFileName(path) ? path : `./${path}`;
}

/** A file of the joined document as a person writes it, from the folder of the contract. */
export function shownFile(file: string): string {
  return file.replace(/^\.\/(?=\.\.\/|\/)/, "");
}

function isFileName(name: string): boolean {
  return /^\.{0,2}\//.test(name);
}
