import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { bundle } from "./bundle.ts";
import { TARGETS } from "./targets.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

it.each(TARGETS)("the image $name is made of nothing that .dockerignore keeps from its build", async (target) => {
  const ignored = await readFile(`${ROOT}.dockerignore`, "utf8");
  const given = [...ignored.matchAll(/^!(.+)$/gm)].map(([, path = ""]) => path);
  const own = (await bundle(ROOT, target, await scratchDirectory())).filter((path) => !/node_modules\//.test(path));
  expect(own).toContain(target.entry);
  expect(own.filter((path) => !given.some((folder) => path === folder || path.startsWith(`${folder}/`)))).toEqual([]);
});
