/**
 * The commands of the pages in docs/: each is run here, or by a test that is named, or it is said why none does. In one
 * copy of the repository, on a broker and a database of its own, in the order of the pages.
 */
import { access, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyRepository } from "../lab/system/repository-copy.ts";
import { databaseForTest, natsForTest } from "../lab/testing/servers.ts";
import { type DocumentCommand, readCommands, readDocument, shell } from "./documents.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const LIMIT_MS = 180_000;

/** Pages that a test of their own goes through, and that test. */
const RUN_BY: Readonly<Record<string, string>> = {
  "CONTRIBUTING.md": ".ci/run",
  "README.md": "contract-tests/readme.test.ts",
  "codegen/README.md": "contract-tests/packages/init.test.ts",
  "docs/containers.md": "deploy/tests/main.ts",
  "docs/evolve-an-event.md": "contract-tests/evolve-guide.test.ts",
  "docs/other-teams.md": "contract-tests/two-teams/two-teams.test.ts",
  "docs/studio.md": "studio/studio.browser.test.ts",
};

/** Commands that are not run here, and why. */
const NOT_RUN: readonly (readonly [command: RegExp, why: string])[] = [
  [/^NATS_URL=/, "is what to set, with names of nobody's machines"],
  [/ --watch\b/, "stays until it is ended: codegen/watch/ and the system tests of ops/ do that"],
  [/^npm run chaos(?! -- --list)/, "takes minutes: lab/chaos/ has the tests of its parts"],
  [/^npm run mutations$/, "takes an hour"],
  [/^npm run test:containers/, "needs a container engine"],
  [/ dead-letters edit /, "opens an editor, or reads a file of the reader's: the tests of ops/dead-letters/ do that"],
];

/** What commands say that name an entry of somebody's system, or want other servers than one. */
const ANSWERS: Readonly<Record<string, string>> = {
  "npm run ops -- dead-letters show 17": "There is no dead letter 17.",
  "npm run ops -- provision --server production": "replicas > 1 not supported in non-clustered mode",
};

interface PageCommand extends DocumentCommand {
  readonly page: string;
}

const nats = await natsForTest();
const database = await databaseForTest();
const commands = await readPages();
const whyNot = (command: string): string | undefined => NOT_RUN.find(([known]) => known.test(command))?.[1];
const here = commands.filter(({ page, command }) => !Object.hasOwn(RUN_BY, page) && whyNot(command) === undefined);

async function readPages(): Promise<readonly PageCommand[]> {
  const names = (await readdir(join(ROOT, "docs"))).filter((name) => name.endsWith(".md")).toSorted();
  const pages = ["CONTRIBUTING.md", "README.md", "codegen/README.md", ...names.map((name) => `docs/${name}`)];
  const read = pages.map(async (page) => readCommands(await readDocument(page)).map((one) => ({ ...one, page })));
  return (await Promise.all(read)).flat();
}

describe("the commands of the pages", () => {
  let copy: string;
  beforeAll(async () => {
    copy = await copyRepository();
    // Other pages speak of a system that is provisioned.
    await run("npm run ops -- provision");
  }, LIMIT_MS);
  afterAll(() => rm(copy, { recursive: true, force: true }));

  const run = (command: string) => shell(command, copy, { NATS_URL: nats.url, DATABASE_URL: database.url });

  it.each(here)(
    "$page: $command",
    async ({ command, fails, prints }) => {
      const { code, output } = await run(command);
      const answer = ANSWERS[command];
      expect({ output, fails: code !== 0 }).toEqual({ output, fails: fails || answer !== undefined });
      for (const part of [...prints, answer ?? ""]) expect(output).toContain(part);
    },
    LIMIT_MS,
  );

  it.each(Object.entries(RUN_BY))("%s has commands, and %s is there", async (page, test) => {
    expect(commands.filter((one) => one.page === page)).not.toEqual([]);
    await access(join(ROOT, test));
  });

  it.each(NOT_RUN)("%s, which %s, stands in a page", (known) => {
    const unrun = commands.filter(({ page }) => !Object.hasOwn(RUN_BY, page)).map(({ command }) => command);
    expect(unrun.filter((command) => known.test(command))).not.toEqual([]);
  });

  it.each(Object.keys(ANSWERS))("%s stands in a page", (command) => {
    expect(here.map((one) => one.command)).toContain(command);
  });
});
