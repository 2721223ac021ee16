import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { generate } from "../generate.ts";
import { findParts, keepParts } from "./kept-parts.ts";
import type { Question } from "./kept-results.ts";
import { Parts } from "./parts.ts";

const TESTDATA = join(import.meta.dirname, "..", "testdata");
const valid = readdirSync(TESTDATA).filter((name) => existsSync(join(TESTDATA, name, "expected")));

let cwd = "";
let question: Question;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "parts-"));
  mkdirSync(join(cwd, "node_modules"));
  question = { contract: join(cwd, "asyncapi.yaml"), directory: join(cwd, "generated"), options: {} };
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

/** Generates a contract of the test data, which another test says is valid. */
async function generated(name: string, parts: Parts) {
  const read = async (path: string) => {
    const place = join(TESTDATA, name, path);
    return existsSync(place) ? await readFile(place, "utf8") : undefined;
  };
  const text = readFileSync(join(TESTDATA, name, "asyncapi.yaml"), "utf8");
  return await generate("asyncapi.yaml", text, { read, parts, judge: async () => undefined });
}

const kept = () => join(cwd, "node_modules/.cache/tandem");
const keptFile = () => join(kept(), readdirSync(kept())[0] ?? "");

it.each(valid)(
  "%s: code from kept parts is byte for byte the code that is made anew",
  async (name) => {
    const parts = new Parts();
    const anew = await generated(name, parts);
    await keepParts(question, parts);
    const again = await findParts(question);
    const fromKept = await generated(name, again);
    expect([...fromKept.files]).toEqual([...anew.files]);
    expect(fromKept.diagnostics).toEqual(anew.diagnostics);
    // Nothing was made, and everything that is kept was used.
    expect(again.settle()).toBe(false);
  },
  120_000,
);

describe("parts", () => {
  beforeEach(async () => {
    const parts = new Parts([["a", { text: "one" }, []]]);
    parts.find("a");
    parts.put("b", { text: "two" });
    await keepParts(question, parts);
  });

  it("stay for the next process", async () => {
    expect((await findParts(question)).entries()).toEqual([
      ["a", { text: "one" }, []],
      ["b", { text: "two" }, []],
    ]);
  });

  it("are forgotten when nobody has asked for them", async () => {
    const parts = await findParts(question);
    parts.find("a");
    await keepParts(question, parts);
    expect((await findParts(question)).entries()).toEqual([["a", { text: "one" }, []]]);
  });

  it("stay with what was put together of them, and go with it", async () => {
    const parts = new Parts();
    await parts.putTogether("whole", async () => {
      parts.put("half", { text: "one" });
      parts.find("half");
      return { text: "one and a half" };
    });
    parts.settle();
    parts.find("whole");
    parts.settle();
    expect(parts.entries().map(([key]) => key)).toEqual(["whole", "half"]);
    parts.settle();
    expect(parts.entries()).toEqual([]);
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, -3)],
    ["changed", (text: string) => text.replace("one", "two")],
    ["of another generator", (text: string) => text.replace(/"generator":"./, '"generator":"x')],
    ["no JSON", () => "{"],
  ])("are none when the file is %s", async (_, damage) => {
    writeFileSync(keptFile(), damage(readFileSync(keptFile(), "utf8")));
    expect((await findParts(question)).entries()).toEqual([]);
  });
});
