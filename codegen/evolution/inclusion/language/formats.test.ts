import { fullFormats } from "ajv-formats/dist/formats.js";
import { describe, expect, it } from "vitest";
import { checkOf, formatLanguage, formatSamples, isFormatWithin } from "./formats.ts";
import { Languages } from "./language.ts";

const names = Object.keys(fullFormats).filter((name) => checkOf(name) !== undefined);
const valid = (name: string): string[] => formatSamples().filter((sample) => checkOf(name)?.(sample) === true);

describe.each(names.filter((name) => !/^(int|float|double|url)/.test(name)))("the format %s", (name) => {
  it("has samples that are valid and samples that are not", () => {
    expect(valid(name)).not.toEqual([]);
    expect(valid(name).length).toBeLessThan(formatSamples().length);
  });

  it("lies within the language that is known of it, and fills it where that is exact", () => {
    const languages = new Languages();
    const known = formatLanguage(name, languages);
    const wrong = formatSamples().filter((sample) => {
      const [isValid, isIn] = [checkOf(name)?.(sample), known && languages.has(known.language, sample)];
      return known?.exact ? isIn !== isValid : isIn === false && isValid;
    });
    expect(wrong).toEqual([]);
  });

  it("lies within the formats that it is said to lie within", () => {
    for (const outer of names.filter((other) => isFormatWithin(name, other))) {
      expect(valid(name).filter((sample) => checkOf(outer)?.(sample) !== true)).toEqual([]);
    }
  });
});

it("refuses to check a string that is too long", () => {
  expect(checkOf("email")?.("a".repeat(5_000))).toBeUndefined();
});
