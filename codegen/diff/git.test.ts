import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../main.ts";

const contract = readFileSync(join(import.meta.dirname, "testdata", "unchanged", "base.yaml"), "utf8");
const withWeight = (weight: string): string => contract.replace("weight: { type: integer }", weight);
const days = (count: number): string => new Date(Date.now() - count * 86_400_000).toISOString();

let cwd = "";
let stdout = "";
let stderr = "";

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "diff-"));
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function git(args: readonly string[], date = days(0)): void {
  const identity = {
    GIT_AUTHOR_NAME: "a",
    GIT_AUTHOR_EMAIL: "a@b.c",
    GIT_COMMITTER_NAME: "a",
    GIT_COMMITTER_EMAIL: "a@b.c",
  };
  const env = {
    ...process.env,
    ...identity,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_DATE: date,
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
  execFileSync("git", args, { cwd, env, stdio: "pipe" });
}

function commit(text: string, date?: string): void {
  writeFileSync(join(cwd, "asyncapi.yaml"), text);
  git(["add", "."]);
  git(["commit", "-m", "change"], date);
}

async function diff(...argv: string[]): Promise<number> {
  stdout = "";
  stderr = "";
  const write = { stdout: (text: string) => void (stdout += text), stderr: (text: string) => void (stderr += text) };
  return await run(["diff", ...argv], { cwd, ...write });
}

describe("in a git repository", () => {
  beforeEach(() => git(["init", "--initial-branch=main"]));

  it("the base is what a branch has in common with main", async () => {
    commit(contract);
    git(["checkout", "-b", "change"]);
    commit(withWeight("weight: { type: number }"));
    expect(await diff()).toBe(1);
    expect(stdout).toMatch(/^asyncapi\.yaml:\d+:\d+ breaking type-widened parcels\.sent v1 \/lines\/\*\/weight: /);
    expect(stdout).toMatch(/\nasyncapi\.yaml against main \([0-9a-f]{7}\): 1 breaking\n$/);
  });

  it("the base is the last commit on main itself, and the tree holds what is compared with it", async () => {
    commit(contract);
    expect(await diff()).toBe(0);
    writeFileSync(join(cwd, "asyncapi.yaml"), withWeight("weight: { type: integer }, note: { type: string }"));
    expect(await diff()).toBe(0);
    expect(stdout).toContain("compatible property-added parcels.sent v1 /lines/*/note");
  });

  it("a file in a folder is found in the commit", async () => {
    mkdirSync(join(cwd, "deep"));
    writeFileSync(join(cwd, "deep", "contract.yaml"), contract);
    commit(contract);
    expect(await diff("deep/contract.yaml", "--against", "HEAD")).toBe(0);
  });

  it("what is still stored is read by the reader of now, however often the schema changed since", async () => {
    commit(contract, days(20));
    commit(withWeight("weightless: { type: boolean }"), days(10));
    commit(withWeight("weightless: { type: boolean }, note: { type: string }"), days(5));
    writeFileSync(join(cwd, "asyncapi.yaml"), withWeight("weight: { type: string }"));
    expect(await diff("--format", "json")).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: "breaking",
      changes: expect.arrayContaining([
        expect.objectContaining({
          since: expect.stringMatching(/^[0-9a-f]{7} of \d{4}-\d\d-\d\d$/),
          path: "/lines/*/weight",
        }),
      ]),
    });
  });

  it.each([
    ["that was replaced before what is stored today was written", 60, 0],
    ["that was in force when the oldest of what is stored was written", 10, 1],
  ])("a contract %s counts by that", async (_, replaced, code) => {
    commit(contract, days(90));
    commit(withWeight("weightless: { type: boolean }"), days(replaced));
    writeFileSync(join(cwd, "asyncapi.yaml"), withWeight("weight: { type: string }"));
    expect(await diff()).toBe(code);
  });

  it.each([
    ["a name that is no commit", ["--against", "nowhere"], "nowhere is neither a commit of this repository nor a file"],
    ["an option in place of a name", ["--against=--all"], "neither a commit"],
    ["a name of both a commit and a file", ["--against", "main"], "is a commit and a file: add --file"],
    ["a commit without the contract", ["other.yaml", "--against", "HEAD"], "has no other.yaml"],
  ])("%s cannot be told, exit 2", async (_, argv, said) => {
    commit(contract);
    writeFileSync(join(cwd, "main"), contract);
    writeFileSync(join(cwd, "other.yaml"), contract);
    expect(await diff(...argv)).toBe(2);
    expect(stderr).toContain(said);
    expect(stdout).toBe("");
  });

  it("a base that is no valid contract is shown with its faults, exit 2", async () => {
    commit(contract.replace("x-stream:", "x-strem:"));
    writeFileSync(join(cwd, "asyncapi.yaml"), contract);
    expect(await diff()).toBe(2);
    expect(stderr).toMatch(/^main:asyncapi\.yaml:\d+:\d+ error EXTENSION_UNKNOWN /m);
    expect(stderr).toContain("--against");
  });

  it("nothing committed yet cannot be told", async () => {
    writeFileSync(join(cwd, "asyncapi.yaml"), contract);
    expect(await diff()).toBe(2);
    expect(stderr).toContain("nothing is committed yet");
  });
});

describe("without git", () => {
  beforeEach(() => writeFileSync(join(cwd, "asyncapi.yaml"), contract));

  it("a file is the base", async () => {
    writeFileSync(join(cwd, "old.yaml"), withWeight("weight: { type: number }"));
    expect(await diff("--against", "old.yaml", "--format", "github")).toBe(1);
    expect(stdout).toMatch(
      /^::error file=asyncapi\.yaml,line=\d+,endLine=\d+,col=\d+,endColumn=\d+,title=type-narrowed::parcels\.sent v1/,
    );
  });

  it.each([
    ["no base", [], "lies in no git repository"],
    ["no such base", ["--against", "gone.yaml"], "gone.yaml is no file"],
    ["no such file", ["--against", "gone.yaml", "--file"], "cannot read gone.yaml"],
    ["no contract", ["gone.yaml"], "cannot read gone.yaml"],
    ["no such format", ["--format", "xml"], "text, json, github, markdown"],
    ["no such option", ["--agianst", "x"], "--agianst"],
    ["--file alone", ["--file"], "--against FILE"],
    ["two contracts", ["a.yaml", "b.yaml"], "b.yaml"],
  ])("%s: exit 2", async (_, argv, said) => {
    expect(await diff(...argv)).toBe(2);
    expect(stderr).toContain(said);
  });

  it("a document that gives up our extensions gives up its events, exit 1", async () => {
    writeFileSync(join(cwd, "asyncapi.yaml"), contract.replace(/^x-tandem: 1\n/m, ""));
    writeFileSync(join(cwd, "before.yaml"), contract);
    expect(await diff("--against", "before.yaml", "--file")).toBe(1);
    expect(stdout).toMatch(/breaking event-removed .*: is removed while it is read/);
  });

  it("a contract of now that is invalid is shown with its faults, exit 2", async () => {
    writeFileSync(join(cwd, "old.yaml"), contract);
    writeFileSync(join(cwd, "asyncapi.yaml"), contract.replace("x-stream:", "x-strem:"));
    expect(await diff("--against", "old.yaml", "--format", "json")).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ diagnostics: [{ code: "EXTENSION_UNKNOWN", file: "asyncapi.yaml" }] });
  });

  it("is explained", async () => {
    expect(await diff("--help")).toBe(0);
    expect(stdout).toContain("npm run codegen -- diff [FILE]");
  });
});
