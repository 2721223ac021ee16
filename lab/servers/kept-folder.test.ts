import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { keepFolder } from "./kept-folder.ts";

const making = (root: string, text: string) => ({
  root,
  async make(into: string) {
    await writeFile(join(into, "text"), text);
    return "one";
  },
  check: async (folder: string) => {
    if ((await readFile(join(folder, "text"), "utf8")) === "broken") throw new Error("broken");
  },
});

it("leaves one whole folder when several make it at once, and nothing half done", async () => {
  const root = join(await scratchDirectory(), "cache");
  const made = await Promise.all(["a", "b", "c", "d"].map((text) => keepFolder(making(root, text))));
  expect(new Set(made)).toEqual(new Set([join(root, "one")]));
  expect(await readdir(root)).toEqual(["one"]);
});

it("replaces one that will not do", async () => {
  const root = await scratchDirectory();
  await keepFolder(making(root, "broken"));
  await keepFolder(making(root, "whole"));
  expect(await readFile(join(root, "one", "text"), "utf8")).toBe("whole");
});

it("leaves nothing of one that fails, and removes what a killed process left", async () => {
  const root = await scratchDirectory();
  await mkdir(join(root, ".partial-old"));
  await mkdir(join(root, ".partial-new"));
  const anHourAgo = new Date(Date.now() - 3_600_000);
  await utimes(join(root, ".partial-old"), anHourAgo, anHourAgo);
  const failing = { ...making(root, ""), make: () => Promise.reject(new Error("line cut")) };
  await expect(keepFolder(failing)).rejects.toThrow("line cut");
  expect(await readdir(root)).toEqual([".partial-new"]);
});
