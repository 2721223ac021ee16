import { expect, it } from "vitest";
import { decode, strayByte } from "./read-text.ts";

it.each(["", "a\nb", "é λ 日本 🎈\r\n", "\ufeffa: 1"])("what is UTF-8 is read as it is: %j", (text) => {
  expect(decode(Buffer.from(text))).toBe(text);
});

it.each([
  ["one of another encoding", Buffer.from("a: 1\nb: caf\xe9\nc: \xe9", "latin1"), "a: 1\nb: caf", 0xe9],
  ["the first of UTF-16", Buffer.from("\ufeffa: 1", "utf16le"), "", 0xff],
  ["a character that is cut off", Buffer.from("é🎈").subarray(0, 5), "é", 0xf0],
  ["the rest of a character", Buffer.from([0x61, 0x80]), "a", 0x80],
  ["half of a pair, which only other encodings have", Buffer.from([0x61, 0xed, 0xa0, 0x80]), "a", 0xed],
  ["a character written too long", Buffer.from([0xc0, 0xaf]), "", 0xc0],
])("a byte that is no text is found where it stands: %s", (_what, bytes, before, byte) => {
  const text = decode(bytes);
  expect(text.isWellFormed()).toBe(false);
  expect(text.slice(0, before.length)).toBe(before);
  expect(strayByte(text.slice(before.length))).toBe(byte);
});

it("no character of a text is taken for a byte", () => {
  expect(["a", "é", "🎈", "\ufffd"].map((character) => strayByte(character))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
