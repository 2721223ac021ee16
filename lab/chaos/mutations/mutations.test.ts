import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { changed } from "./mutation.ts";
import { MUTATIONS } from "./mutations.ts";

it.each(MUTATIONS)("$name still finds what it changes", async ({ changes }) => {
  const texts = new Map<string, string>();
  for (const change of changes) {
    const before = texts.get(change.file) ?? (await readFile(change.file, "utf8"));
    const after = changed(before, change);
    expect(after).not.toBe(before);
    texts.set(change.file, after);
  }
});

it("refuses a passage that occurs twice, or not at all", () => {
  const change = { file: "a.ts", from: "x", to: "y" };
  expect(changed("1 x 2", change)).toBe("1 y 2");
  expect(() => changed("x x", change)).toThrow("a.ts has 2 times");
  expect(() => changed("z", change)).toThrow("a.ts has 0 times");
});
