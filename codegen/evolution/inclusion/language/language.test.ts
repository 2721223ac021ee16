import { describe, expect, it } from "vitest";
import { Budget } from "../budget.ts";
import { Languages, type Language } from "./language.ts";
import { Pattern } from "./pattern.ts";
import { shortestStrings } from "./shortest-strings.ts";

/** Every string of up to four characters over an alphabet of four. */
const strings = [""];
for (const text of strings)
  if (text.length < 4) strings.push(...["a", "b", "1", "\n"].map((character) => text + character));

const patterns = [
  "",
  "a",
  "^a",
  "b$",
  "^a*b+$",
  "^(a|b){2,3}$",
  "^(?:ab)?1$",
  "[^a]",
  "^[a-b1]*$",
  ".",
  "^\\d|\\w$",
  "^\\s",
  "a{2}",
  "^(a|^b)",
  "(^|b)a",
  "a($|b)",
  "^(?=.*a)(?=.*1).+$",
  "^(?!a)",
  "a(?!b)",
  "^(?<first>a)b??",
  "\\u0061\\x62",
  "^\\u{61}$",
  "[\\d\\n]{2}",
  "a|",
  "^$",
  "$^",
];

describe("the language of a pattern", () => {
  it.each(patterns)("of /%s/ holds what RegExp matches", (source) => {
    const pattern = new Pattern(source, new Languages());
    const regExp = new RegExp(source, "u");
    expect(pattern.language).toBeDefined();
    expect(strings.filter((text) => pattern.matches(text) !== regExp.test(text))).toEqual([]);
  });

  it.each(["(a)\\1", "\\bword\\b", "(?<=a)b", "\\p{L}", "((?=a)a)*"])(
    "of /%s/ is not known, yet it matches",
    (source) => {
      const pattern = new Pattern(source, new Languages());
      expect(pattern.language).toBeUndefined();
      expect(pattern.matches("aab")).toBe(new RegExp(source, "u").test("aab"));
    },
  );

  it("is not asked of a backtracking engine for a string on which that could take for ever", () => {
    const pattern = new Pattern("^(a+)+\\1$", new Languages());
    expect([pattern.matches("aaaa"), pattern.matches("a".repeat(100))]).toEqual([true, undefined]);
  });

  it("of an invalid pattern is nobody's", () => {
    const pattern = new Pattern("(", new Languages());
    expect([pattern.language, pattern.matches("(")]).toEqual([undefined, undefined]);
  });

  it("counts an astral character as one", () => {
    const languages = new Languages();
    expect(new Pattern("^.$", languages).matches("\u{1F600}")).toBe(true);
    expect(new Pattern("^[\u{1F600}-\u{1F602}]$", languages).matches("\u{1F601}")).toBe(true);
    expect(new Pattern("^\\uD83D\\uDE00$", languages).matches("\u{1F600}")).toBe(true);
  });
});

describe("the shortest strings of a language", () => {
  const languages = new Languages();
  const of = (source: string): Language => new Pattern(source, languages).language ?? languages.none;
  const first = (language: Language): IteratorResult<string, string> =>
    shortestStrings(language, languages, new Budget(100_000)).next();

  it("begin with a shortest one", () => {
    expect(first(of("^(a{3}|b{2})$"))).toEqual({ done: false, value: "bb" });
    expect(first(languages.both(of("^[a-z]+$"), languages.not(of("^[a-c]+$"))))).toEqual({ done: false, value: "d" });
  });

  it("are none when one language lies within another", () => {
    const within = languages.both(of("^(ab)*$"), languages.not(of("^([ab]{2})*$")));
    expect(first(within)).toEqual({ done: true, value: "exhausted" });
  });

  it("are given up when there are too many states", () => {
    expect(first(of("^(?=(a|b)*a(a|b){18}$)(?=(a|b)*b(a|b){18}$)"))).toEqual({ done: true, value: "gave up" });
  });

  it("show every pair of patterns of which one matches what the other does not", () => {
    const wrong = patterns.flatMap((left) =>
      patterns.filter((right) => {
        const found = first(languages.both(of(left), languages.not(of(right))));
        const shows = (text: string): boolean => new RegExp(left, "u").test(text) && !new RegExp(right, "u").test(text);
        return found.done ? strings.some(shows) : !shows(found.value);
      }),
    );
    expect(wrong).toEqual([]);
  });
});
