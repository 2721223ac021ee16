import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../main.ts";

const TESTDATA = join(import.meta.dirname, "../testdata");
const MARK = "this was kept, and is said of it in this test only";

let cwd = "";

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "kept-"));
  mkdirSync(join(cwd, "node_modules"));
});

afterEach(() => rmSync(cwd, { recursive: true, force: true }));

async function codegen(...argv: string[]): Promise<{ code: number; said: string }> {
  let said = "";
  const write = (text: string): void => void (said += text);
  return { code: await run(argv, { cwd, stdout: write, stderr: write }), said };
}

function keptFiles(): string[] {
  const folder = join(cwd, "node_modules/.cache/tandem");
  const results = readdirSync(folder).filter((name) => name.endsWith(".json"));
  return results.map((name) => join(folder, name));
}

function change(path: string, edit: (text: string) => string): void {
  writeFileSync(path, edit(readFileSync(path, "utf8")));
}

/** Adds a warning to what is kept: whoever says it has used that. */
function mark(): void {
  const place = { line: 1, col: 1, endLine: 1, endCol: 2, file: "asyncapi.yaml" };
  const warning = { code: "TYPE_WIDER", severity: "warning", message: MARK, hint: "", ...place };
  for (const file of keptFiles()) {
    change(file, (text) => {
      const kept = JSON.parse(text);
      return JSON.stringify({ ...kept, diagnostics: [warning, ...kept.diagnostics] });
    });
  }
}

const accepted = readdirSync(TESTDATA).filter((name) => readdirSync(join(TESTDATA, name)).includes("expected"));

describe("a kept result", () => {
  it.each(accepted)("says of %s what generating says", async (name) => {
    cpSync(join(TESTDATA, name), cwd, { recursive: true });
    const file = readdirSync(cwd).find((entry) => /^asyncapi\.(?:yaml|json)$/.test(entry)) ?? "asyncapi.yaml";
    await codegen(file);
    const kept = await codegen(file, "--check");
    for (const one of keptFiles()) rmSync(one);
    expect(kept).toEqual(await codegen(file, "--check"));
    expect(kept.code).toBe(0);
  });
});

describe("what is kept", () => {
  beforeEach(async () => {
    cpSync(join(TESTDATA, "two-versions/asyncapi.yaml"), join(cwd, "asyncapi.yaml"));
    await codegen();
    mark();
  });

  it("is used while nothing has changed", async () => {
    expect((await codegen("--check")).said).toContain(MARK);
    expect((await codegen()).said).toContain(MARK);
  });

  it.each([
    ["the contract changed", () => change(join(cwd, "asyncapi.yaml"), (text) => `${text}\n# another\n`)],
    [
      "the generator is another",
      () => keptFiles().forEach((file) => change(file, (text) => text.replace(/"generator":"./, '"generator":"x'))),
    ],
    ["it is no JSON", () => keptFiles().forEach((file) => writeFileSync(file, "{"))],
    [
      "it is of another shape",
      () => keptFiles().forEach((file) => writeFileSync(file, '{"format":1,"generator":"x"}')),
    ],
    ["it is gone", () => keptFiles().forEach((file) => rmSync(file))],
  ])("is not used when %s", async (_, happens) => {
    happens();
    const { code, said } = await codegen("--check");
    expect([code, said.includes(MARK)]).toEqual([0, false]);
  });

  it("is not used for another question", async () => {
    expect((await codegen("--check", "--strict")).said).not.toContain(MARK);
    expect((await codegen("--out", "elsewhere")).said).not.toContain(MARK);
  });

  it.each([
    [
      "changed",
      () => change(join(cwd, "generated/topology.json"), (text) => text.replace("1", "2")),
      /changed +topology\.json/,
    ],
    ["removed", () => rmSync(join(cwd, "generated/topology.json")), /missing +topology\.json/],
    [
      "left over from before",
      () => cpSync(join(cwd, "generated/topology.json"), join(cwd, "generated/old.json")),
      /stale +old\.json/,
    ],
  ])("does not hide that a generated file is %s", async (_, happens, said) => {
    happens();
    const check = await codegen("--check");
    expect(check).toEqual({ code: 1, said: expect.stringMatching(said) });
    expect((await codegen()).code).toBe(0);
    expect((await codegen("--check")).code).toBe(0);
  });
});

describe("what is kept of several files", () => {
  it("is used while none of them has changed, and not when one has, or is gone", async () => {
    cpSync(join(TESTDATA, "plain-files"), cwd, { recursive: true });
    await codegen();
    mark();
    expect((await codegen("--check")).said).toContain(MARK);
    const other = join(cwd, "channels/sent.yaml");
    change(other, (text) => `${text}\n`);
    const changed = await codegen("--check");
    expect([changed.code, changed.said.includes(MARK)]).toEqual([0, false]);
    rmSync(other);
    expect(await codegen("--check")).toMatchObject({ code: 1, said: expect.stringContaining("error") });
  });
});

it("is nowhere where no packages are installed", async () => {
  rmSync(join(cwd, "node_modules"), { recursive: true });
  cpSync(join(TESTDATA, "two-versions/asyncapi.yaml"), join(cwd, "asyncapi.yaml"));
  expect((await codegen()).code).toBe(0);
  expect((await codegen("--check")).code).toBe(0);
  expect(readdirSync(cwd).toSorted()).toEqual(["asyncapi.yaml", "generated"]);
});
