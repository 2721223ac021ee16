/** Reads texts from the disk, so that bytes which are no text are not lost but found. */
import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";

const LINE_FEED = 0x0a;

/** Reads a file as UTF-8. Rejects as `readFile` does. */
export async function readText(path: string): Promise<string> {
  return decode(await readFile(path));
}

/**
 * The text that bytes are in UTF-8. The first byte that is no part of any becomes half of a character, U+DC00 and the
 * byte, as no text holds one: who looks for what is wrong with a text finds it, and {@link strayByte} knows it again.
 */
export function decode(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  let line = 0;
  for (;;) {
    const end = bytes.indexOf(LINE_FEED, line);
    const below = end < 0 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(line, below))) break;
    line = below;
  }
  let stray = line;
  while (isUtf8(bytes.subarray(line, endOfCharacter(bytes, stray)))) stray = endOfCharacter(bytes, stray);
  const half = String.fromCharCode(0xdc00 + (bytes[stray] ?? 0));
  return bytes.toString("utf8", 0, stray) + half + bytes.toString("utf8", stray + 1);
}

/** Where the character ends that begins at a byte, if one does. */
function endOfCharacter(bytes: Buffer, from: number): number {
  const first = bytes[from] ?? 0;
  if (first < 0xc0) return from + 1;
  if (first < 0xe0) return from + 2;
  return from + (first < 0xf0 ? 3 : 4);
}

/** The byte that a character of a decoded text stands for; undefined for one that is text. */
export function strayByte(character: string): number | undefined {
  const code = character.charCodeAt(0);
  return code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : undefined;
}
