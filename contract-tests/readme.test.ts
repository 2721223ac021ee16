/** Does what README says, in its order, in a copy of the repository: every command, and what it prints. */
import { describe, expect, it } from "vitest";
import { describeCommands, describePatches, readDocument } from "./documents.ts";

/** What cannot be run inside the tests, because it runs the tests, and who runs it: `.ci/run`. */
const RUN_BY_CI: Readonly<Record<string, RegExp>> = {
  "npm ci": /^npm ci\b/m,
  "npm test": /^npm run check\b/m,
};

const readme = await readDocument("README.md");
const ci = await readDocument(".ci/run");

describe("README", () => {
  describeCommands(readme, { except: Object.keys(RUN_BY_CI) });

  it.each(Object.entries(RUN_BY_CI))("%s is what .ci/run does", (_command, runner) => {
    expect(ci).toMatch(runner);
  });

  describePatches(readme, ["docs/tour/contract.patch", "docs/tour/handlers.patch"]);
});
