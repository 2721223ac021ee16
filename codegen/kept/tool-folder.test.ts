import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findModule, keepModule, type KeptModule } from "./tool-folder.ts";

let module: KeptModule;
let path = "";

beforeEach(() => {
  // A purpose of its own, since the folder is the tool's.
  module = { purpose: `test-${process.pid}-${crypto.randomUUID()}`, madeFrom: "one", extension: ".mjs" };
  path = keepModule(module, "export const is = 1;\n") ?? "";
});

afterEach(() => {
  for (const name of kept()) rmSync(`${dirname(path)}/${name}`);
});

function kept(): string[] {
  return readdirSync(dirname(path)).filter((name) => name.startsWith(module.purpose));
}

it("is found as it was kept, and not for what is made from something else", () => {
  expect(findModule(module)).toBe(path);
  expect(readFileSync(path, "utf8")).toMatch(/^\/\/ [0-9a-f]{64}\nexport const is = 1;\n$/);
  expect(findModule({ ...module, madeFrom: "another" })).toBeUndefined();
});

it.each([
  ["cut off", (text: string) => text.slice(0, -4)],
  ["changed", (text: string) => text.replace("1", "2")],
  ["empty", () => ""],
])("is not found when it is %s", (_, damage) => {
  writeFileSync(path, damage(readFileSync(path, "utf8")));
  expect(findModule(module)).toBeUndefined();
  expect(keepModule(module, "export const is = 1;\n")).toBe(path);
  expect(findModule(module)).toBe(path);
});

it("leaves one module of a purpose", () => {
  const another = { ...module, madeFrom: "another" };
  const newer = keepModule(another, "export const is = 2;\n") ?? "";
  expect(kept()).toEqual([basename(newer)]);
});
