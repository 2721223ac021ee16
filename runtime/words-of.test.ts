import { expect, it } from "vitest";
import { wordsOf } from "./words-of.ts";

it.each([
  ["its message", new TypeError("no such thing"), "no such thing"],
  [
    "of each, where several were tried",
    new AggregateError([new Error("::1 refused"), "127.0.0.1 refused"]),
    "::1 refused, 127.0.0.1 refused",
  ],
  ["of several with a message: that", new AggregateError([new Error("one")], "all failed"), "all failed"],
  ["of its cause, where it has none", new Error("", { cause: new Error("closed") }), "closed"],
  ["its name, where there is nothing else", new RangeError(), "RangeError"],
  ["its name, where nothing was tried", new AggregateError([]), "AggregateError"],
  ["what it is, where it is no error", ["thrown", 1], "thrown,1"],
  ["undefined", undefined, "undefined"],
])("%s", (_, thrown, words) => {
  expect(wordsOf(thrown)).toBe(words);
});
