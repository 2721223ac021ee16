/** Begins a project in an empty folder, with the packages from their tarballs, as its next steps say. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { DEVELOPMENT } from "../../codegen/init/project-texts.ts";
import manifest from "../../package.json" with { type: "json" };
import { packAll } from "../../packaging/pack.ts";
import { ask, succeed } from "./ask.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LIMIT_MS = 300_000;

const nats = await natsForTest();
const database = await databaseForTest();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tandem-begun-"));
  const { runtime, cli } = await packAll(ROOT, join(folder, "tarballs"));
  await succeed("npm", ["install", ...QUIET, runtime.file, cli.file], { cwd: folder });
}, LIMIT_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

const QUIET = ["--prefer-offline", "--no-audit", "--no-fund"];

describe("tandem init, in an empty folder", { timeout: LIMIT_MS }, () => {
  it("writes a project, and says what comes next", async () => {
    const said = await succeed("npx", ["--no-install", "tandem", "init"], { cwd: folder });
    expect(said).toMatch(/^wrote \d+ files in \.\n/);
    expect(said).toContain("\n  npm install\n  npm test ");
  });

  it("passes its test, after npm install", async () => {
    await succeed("npm", ["install", ...QUIET], { cwd: folder });
    const env = { NATS_URL: nats.url, DATABASE_URL: database.url, VITEST: "", NODE_ENV: "" };
    const tested = await ask("npm", ["test"], { cwd: folder, env });
    expect(tested.stdout).toMatch(/Tests .*2 passed/);
    expect(tested.code).toBe(0);
  });

  it("is what the compiler, the generator and the linter accept", async () => {
    const oxlint = join(ROOT, "node_modules/.bin/oxlint");
    expect(await ask("npm", ["run", "types"], { cwd: folder })).toMatchObject({ code: 0 });
    expect(await ask("npm", ["run", "generate:check"], { cwd: folder })).toMatchObject({ code: 0 });
    const linted = await ask(oxlint, ["-D", "correctness", "-D", "suspicious", "services"], { cwd: folder });
    expect(linted).toMatchObject({ code: 0 });
  });

  it("is made with the versions that this repository is tested with", () => {
    const tested = new Map<string, string>(Object.entries(manifest.devDependencies));
    expect(Object.entries(DEVELOPMENT).filter(([name, version]) => tested.get(name) !== version)).toEqual([]);
  });

  it("writes nothing a second time", async () => {
    const again = await ask("npx", ["--no-install", "tandem", "init"], { cwd: folder });
    expect(again).toMatchObject({ code: 1, stdout: "" });
    expect(again.stderr).toContain("asyncapi.yaml is there already");
  });
});
