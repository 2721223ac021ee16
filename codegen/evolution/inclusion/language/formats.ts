import { fullFormats } from "ajv-formats/dist/formats.js";
import { isObject } from "../json.ts";
import type { Language, Languages } from "./language.ts";
import { languageOf } from "./pattern-language.ts";
import { readPattern, UnsupportedPattern } from "./pattern-syntax.ts";

/** The longest string that a format is checked on, so that no check takes long. */
const LONGEST = 1_000;

const TIME = String.raw`\d\d:\d\d:\d\d(\.\d+)?`;
const ZONE = String.raw`([zZ]|[+-]\d\d(:?\d\d)?)`;
const DATE = String.raw`\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`;
/** The shape of the formats that are checked by code: every string of the format has it, and some others. */
const SHAPES: Readonly<Record<string, string>> = {
  date: `^${DATE}$`,
  time: `^${TIME}${ZONE}$`,
  "iso-time": `^${TIME}${ZONE}?$`,
  "date-time": String.raw`^${DATE}[tT\s]${TIME}${ZONE}$`,
  "iso-date-time": String.raw`^${DATE}[tT\s]${TIME}${ZONE}?$`,
  uri: String.raw`^[a-zA-Z][a-zA-Z0-9+\-.]*:`,
};

/**
 * Pairs of formats of which the first accepts nothing that the second refuses, by their own specifications: RFC 3986
 * section 4.1, and ISO 8601 times with and without a zone.
 */
const WITHIN: Readonly<Record<string, string>> = {
  "date-time": "iso-date-time",
  time: "iso-time",
  uri: "uri-reference",
};

/** Strings of every format, and strings that look like one and are not: where a search for a witness begins. */
const SAMPLES: readonly string[] = [
  "a",
  "",
  "2024-02-29",
  "2024-02-30",
  "12:30:00Z",
  "12:30:00",
  "12:30:00+02:00",
  "23:59:60Z",
  "2024-02-29T12:30:00Z",
  "2024-02-29T12:30:00",
  "2024-02-29 12:30:00Z",
  "P1D",
  "PT1H30M",
  "https://example.com/a?b=c#d",
  "urn:isbn:0451450523",
  "mailto:a@example.com",
  "urn:it's",
  "/a/b",
  "../a",
  "#fragment",
  "https://example.com/{id}",
  "{id}",
  "a@example.com",
  "example.com",
  "localhost",
  "192.0.2.1",
  "256.0.0.1",
  "2001:db8::1",
  "::ffff:192.0.2.1",
  "a+",
  "[a-z]",
  "(",
  "/(",
  "0/(",
  "urn:(",
  "*@example.com",
  "\\",
  "123e4567-e89b-12d3-a456-426614174000",
  "urn:uuid:123e4567-e89b-12d3-a456-426614174000",
  "/a~1b/0",
  "/~",
  "/%",
  "/ ",
  "#/a",
  "0/a",
  "1#",
  "0",
  "01",
  "YQ==",
  "AAAA",
  "YQ=",
  "a b",
  "a_b",
  "-a-",
  "^",
  "%",
  "{",
];

/** The check that Ajv makes for a format of strings; undefined for one that it does not know. */
export function checkOf(format: string): ((text: string) => boolean | undefined) | undefined {
  const known = formatNamed(format);
  if (known === undefined) return undefined;
  const check = known instanceof RegExp ? (text: string) => known.test(text) : known;
  return (text) => (text.length > LONGEST ? undefined : check(text));
}

/** Whether every string of one format is one of another. */
export function isFormatWithin(inner: string, outer: string): boolean {
  return inner === outer || WITHIN[inner] === outer;
}

/** Strings to try where formats are in play. */
export function formatSamples(): readonly string[] {
  return SAMPLES;
}

/** A language around a format, and whether it is the format exactly; undefined where nothing is known. */
export function formatLanguage(
  format: string,
  languages: Languages,
): { language: Language; exact: boolean } | undefined {
  const known = formatNamed(format);
  const shape = SHAPES[format];
  try {
    if (shape !== undefined) return { language: languageOf(readPattern(shape), languages), exact: false };
    if (!(known instanceof RegExp)) return undefined;
    return { language: languageOf(readPattern(known.source, known.ignoreCase), languages), exact: true };
  } catch (error) {
    if (error instanceof UnsupportedPattern) return undefined;
    throw error;
  }
}

function formatNamed(format: string): RegExp | ((text: string) => boolean) | undefined {
  const formats: Readonly<Record<string, unknown>> = fullFormats;
  const defined = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (defined instanceof RegExp) return defined;
  const check = isObject(defined) ? defined["validate"] : defined;
  return isCheck(check) ? check : undefined;
}

function isCheck(value: unknown): value is (text: string) => boolean {
  return typeof value === "function";
}
