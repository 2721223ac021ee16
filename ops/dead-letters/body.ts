/** Bodies of messages as people read them. */

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** The body as text and as the value that it says; undefined where it is not UTF-8, or not JSON. */
export function readBody(data: Uint8Array): { readonly text?: string; readonly value?: unknown } {
  let text: string;
  try {
    text = utf8.decode(data);
  } catch {
    return {};
  }
  try {
    const value: unknown = JSON.parse(text);
    return { text, value };
  } catch {
    return { text };
  }
}

/**
 * A JSON text with a line for each member. One that would not survive that comes back as it is: a number with more
 * digits than a double holds, a key that stands there twice.
 */
export function prettyText(text: string, value: unknown): string {
  const compact = text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");
  return compact === JSON.stringify(value) ? JSON.stringify(value, null, 2) : text;
}

/** Text from outside for a terminal: control characters and marks that turn the direction are written as escapes. */
export function printable(text: string): string {
  return text.replace(
    /[^\P{Cc}\n\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
