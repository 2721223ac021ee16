import type { Format } from "ajv";
import { fullFormats } from "ajv-formats/dist/formats.js";
import { describe, expect, it } from "vitest";
import { printSourceFile } from "../print/source-file.ts";
import { checkedFormats } from "./formats.ts";
import { HELPERS_PATH, helpersModule } from "./helpers.ts";

const names = [...checkedFormats.keys()];
const body = helpersModule([...checkedFormats.values()].map(({ helper }) => helper.name));
const text = printSourceFile({ path: HELPERS_PATH, header: [], body });
const helpers: Record<string, unknown> = await import(`data:text/javascript,${encodeURIComponent(text)}`);

const samples: readonly (string | number)[] = [
  ...[
    "",
    "a",
    "2024-02-29",
    "2023-02-29",
    "1900-02-29",
    "2000-02-29",
    "2026-00-10",
    "2026-13-01",
    "2026-12-32",
    "2026-04-31",
  ],
  ...[
    "12:00:00Z",
    "12:00:00z",
    "12:00:00",
    "24:00:00Z",
    "23:59:60Z",
    "23:59:61Z",
    "22:59:60-01:00",
    "00:29:60+00:30",
    "12:60:00Z",
  ],
  ...["12:00:00.123+01", "12:00:00+0130", "12:00:00+24:00", "12:00:00+01:60", "24:59:00+01:00", "1:00:00Z"],
  ...[
    "2026-01-02T03:04:05Z",
    "2026-01-02 03:04:05z",
    "2026-01-02T03:04:05",
    "2026-01-02T",
    "2026-01-02T03:04:05ZT",
    "2016-12-31T23:59:60Z",
  ],
  ...[
    "http://a.b/c?d#e",
    "urn:a:b",
    "a:",
    "a:?b",
    "//a/b",
    "/a",
    "http://[::1]:80/",
    "http://[1::2::3]/",
    "http://[v1.a]/",
    "a:/[::1]",
  ],
  ...[
    "http://a b",
    "http://%zz",
    "http://%20",
    "1a:b",
    "mailto:a@b.c",
    "http://a:b:c/",
    'http://a"b/',
    'http://a/"b',
    "http://[1:2:3:4:5:6:7:8]/",
  ],
  ...[
    "http://[::ffff:1.2.3.4]/",
    "http://[1:2:3:4:5:6:1.2.3.4]/",
    "http://[1:2:3:4:5:6:7::]/",
    "http://user:pw@host:1/p/q?x=y",
  ],
  ...["YWJj", "YWI=", "YQ==", "YQ=", "a\nYWJj", "\n", "[a-z]+", "[", "(?<a>b)", "a\\Z", "\\Z", "😀"],
  ...[
    "6f8d7c1e-6c5b-4b0e-9a55-0d1f6f5f7a01",
    "1.2.3.4",
    "::1",
    "a@b.co",
    "http://example.com/a?b",
    "http://10.0.0.1/",
    "P1D",
    "P",
    "/a/b~0",
    "#/a",
    "0#",
  ],
  ...[0, -0, 1.5, 2 ** 31, 2 ** 31 - 1, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53, 1e300],
];

describe("formats", () => {
  it("covers everything that ajv-formats checks", () => {
    // These four accept any value of their type.
    const unchecked = ["binary", "double", "float", "password"];
    expect([...names, ...unchecked].toSorted()).toEqual(Object.keys(fullFormats).toSorted());
  });

  it.each(names)("%s gives the verdicts of ajv-formats", (name) => {
    const ours = verdictOf(helpers[checkedFormats.get(name)?.helper.name ?? ""]);
    const theirs = verdictOf(Object.entries<Format>(fullFormats).find(([other]) => other === name)?.[1]);
    const values = name.startsWith("int") ? samples.filter((sample) => typeof sample === "number") : mutations();
    expect(values.filter((value) => ours(value) !== theirs(value))).toEqual([]);
    expect(new Set(values.map(theirs))).toEqual(new Set([true, false]));
  });
});

/** The texts among the samples, and what comes of changing some characters in them. */
function mutations(): string[] {
  const texts = samples.filter((sample) => typeof sample === "string");
  const alphabet = ':/?#[]@%-+.Zz0159aA "T_~!=';
  let seed = 42;
  const below = (limit: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % limit;
  };
  const mutate = (original: string): string => {
    const at = below(original.length + 1);
    return original.slice(0, at) + alphabet.charAt(below(alphabet.length)) + original.slice(at + below(3));
  };
  return [...texts, ...texts.flatMap((original) => Array.from({ length: 100 }, () => mutate(mutate(original))))];
}

function verdictOf(format: unknown): (value: unknown) => boolean {
  if (format instanceof RegExp)
    return (value) => typeof value === "string" && new RegExp(format.source, format.flags.replace("g", "")).test(value);
  if (typeof format === "function") return (value) => format(value) === true;
  if (typeof format === "object" && format !== null && "validate" in format) return verdictOf(format.validate);
  throw new Error("not a format");
}
