/** The page of errors lists exactly the codes that the code has, with the same words. */
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { CODEGEN_ERRORS } from "../codegen/errors.ts";
import { RUNTIME_ERRORS } from "../runtime/errors.ts";
import { TESTING_ERRORS } from "../runtime/testing/errors.ts";

const page = await readFile(new URL("../docs/errors.md", import.meta.url), "utf8");

it.each([
  { title: "The generator", table: CODEGEN_ERRORS },
  { title: "The runtime", table: RUNTIME_ERRORS },
  { title: "The test harness", table: TESTING_ERRORS },
])("docs/errors.md lists the codes of $title", ({ title, table }) => {
  const section = page.split(/^## /m).find((part) => part.startsWith(title)) ?? "";
  const listed = [...section.matchAll(/^\| `([A-Z_]+)` \| ([^|]+?) \|(?: (\w+) \|)?$/gm)].map(
    ([, code, text, failureClass]) => [code, failureClass === undefined ? text : { class: failureClass, text }],
  );
  expect(Object.fromEntries(listed)).toEqual(table);
});
