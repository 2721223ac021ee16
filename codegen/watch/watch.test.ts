import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../main.ts";
import { Watching } from "./testing/watching.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const TESTDATA = join(ROOT, "codegen", "testdata");
const WAITING = "waiting for the next save\n";
const PATIENT = 120_000;

let cwd = "";
let watching: Watching | undefined;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "watch-"));
});

afterEach(async () => {
  await watching?.end("SIGKILL");
  rmSync(cwd, { recursive: true, force: true });
});

const inside = (path: string) => join(cwd, path);
const contract = () => readFileSync(inside("asyncapi.yaml"), "utf8");
const save = (text: string, path = "asyncapi.yaml") => writeFileSync(inside(path), text);

function begin(testdata: string, ...argv: readonly string[]): Watching {
  cpSync(join(TESTDATA, testdata), cwd, { recursive: true });
  watching = new Watching(cwd, ...argv);
  return watching;
}

/** The generated files by path. */
function generated(): Record<string, string> {
  if (!existsSync(inside("generated"))) return {};
  const paths = readdirSync(inside("generated"), { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
  return Object.fromEntries(
    paths.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), "utf8")]),
  );
}

/** What a single run says of the contract as it is, on stderr, and whether it would change anything. */
async function once(...argv: readonly string[]): Promise<{ code: number; stderr: string }> {
  let stderr = "";
  const code = await run(argv, { cwd, stdout: () => undefined, stderr: (text) => void (stderr += text) });
  return { code, stderr };
}

describe("watching a contract", { timeout: PATIENT }, () => {
  it("generates at once and after each save what a single run generates, and ends when told", async () => {
    const it = begin("two-versions");
    const first = await it.until(WAITING);
    expect(first).toMatch(/^watching asyncapi\.yaml; Ctrl-C ends it\ngenerated \d+ files, \d+ changed, in \d+ ms\n/);
    expect(first).toContain("the parser agrees");
    expect(first).toContain("types are not checked: there is no tsconfig.json");
    expect((await once("--check")).code).toBe(0);

    save(contract().replace(/summary: .*/, "summary: Said anew."));
    expect(await it.until(WAITING)).toMatch(/^generated \d+ files, [1-9]\d* changed, in \d+ ms\n/);
    expect((await once("--check")).code).toBe(0);

    const { code, said } = await it.end();
    expect([code, said]).toEqual([0, ""]);
  });

  it("follows an editor that renames over, one that removes first, and several saves in a row", async () => {
    const it = begin("two-versions");
    await it.until(WAITING);
    save(contract().replace(/summary: .*/, "summary: Renamed over."), "asyncapi.yaml.new");
    renameSync(inside("asyncapi.yaml.new"), inside("asyncapi.yaml"));
    await it.until(WAITING);
    expect(JSON.stringify(generated())).toContain("Renamed over.");

    const text = contract();
    rmSync(inside("asyncapi.yaml"));
    await it.until("asyncapi.yaml is gone; waiting until it is back\n");
    save(text.replace(/summary: .*/, "summary: Back again."));
    await it.until(WAITING);
    expect(JSON.stringify(generated())).toContain("Back again.");

    for (const number of [1, 2, 3, 4, 5]) save(text.replace(/summary: .*/, `summary: Number ${number}.`));
    while (!JSON.stringify(generated()).includes("Number 5.")) await it.until(WAITING);
    expect((await once("--check")).code).toBe(0);
  });

  it("prints errors as a single run does, writes nothing, and goes on when they are mended", async () => {
    const it = begin("asyncapi-invalid");
    const { stderr } = await once();
    expect(stderr).toContain(" error ");
    expect(await it.until(WAITING)).toBe(`watching asyncapi.yaml; Ctrl-C ends it\n${stderr}${WAITING}`);
    expect(generated()).toEqual({});

    save(readFileSync(join(TESTDATA, "two-versions", "asyncapi.yaml"), "utf8"));
    expect(await it.until(WAITING)).toContain("the parser agrees");
    const before = generated();
    save(contract().replace("asyncapi: 3.0.0", "asyncapi: [3.0.0"));
    expect(await it.until(WAITING)).toBe(`${(await once()).stderr}${WAITING}`);
    expect(generated()).toEqual(before);
  });

  it("watches the files that the contract refers to, also one that is not there yet", async () => {
    const it = begin("plain-files");
    await it.until(WAITING);
    const other = "channels/sent.yaml";
    const text = readFileSync(inside(other), "utf8");
    const before = generated();
    rmSync(inside(other));
    expect(await it.until(WAITING)).toContain("error");
    expect(generated()).toEqual(before);
    mkdirSync(inside("channels"), { recursive: true });
    save(`${text}\n`, other);
    expect(await it.until(WAITING)).toContain("the parser agrees");
    expect((await once("--check")).code).toBe(0);
  });

  it("checks the types of the project, and says where they are wrong", async () => {
    symlinkSync(join(ROOT, "node_modules"), inside("node_modules"), "dir");
    save(
      '{ "compilerOptions": { "strict": true, "noEmit": true, "types": [] }, "include": ["mine"] }',
      "tsconfig.json",
    );
    mkdirSync(inside("mine"));
    save("export const size: number = 1;\n", "mine/size.ts");
    const it = begin("two-versions");
    expect(await it.until(WAITING)).toMatch(/types are fine, \d+ ms after the save\n/);
    save("export const size: number = true;\n", "mine/size.ts");
    save(contract().replace(/summary: .*/, "summary: Said anew."));
    const said = await it.until(WAITING);
    expect(said).toMatch(
      /^mine\/size\.ts:1:14 error TS2322 .*\n {2}1 \| export const size: number = true;\n {4}\| +\^\n1 type error\n/m,
    );
  });

  it.each([
    [["--check"], "--watch writes, and --check does not"],
    [["--format", "json"], "--watch prints text"],
    [["nowhere.yaml"], "cannot read nowhere.yaml"],
  ])("refuses %j, exit 2", async (argv, sentence) => {
    const { code, stderr } = await once("--watch", ...argv);
    expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
  });
});
