import { existsSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { startInForeground } from "../../lab/testing/terminal.ts";
import { packAll } from "../../packaging/pack.ts";
import { type Answer, ask, succeed } from "./ask.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const GREETER = fileURLToPath(new URL("./testdata/greeter/", import.meta.url));
const TSC = join(ROOT, "node_modules/.bin/tsc");

const nats = await natsForTest();
const database = await databaseForTest();

/** Somebody else's repository: a contract, handlers, and the two packages from their tarballs. */
let folder: string;
let packed: Awaited<ReturnType<typeof packAll>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tandem-greeter-"));
  await cp(GREETER, folder, { recursive: true });
  packed = await packAll(ROOT, join(folder, "tarballs"));
  const install = ["install", "--prefer-offline", "--no-audit", "--no-fund", packed.runtime.file, packed.cli.file];
  await succeed("npm", install, { cwd: folder });
}, 180_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the installed command, as npx does. */
function tandem(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return ask(join(folder, "node_modules/.bin/tandem"), args, { cwd: folder, env });
}

describe("the tarballs", () => {
  it.each(["runtime", "cli"] as const)("of %s hold a licence, a README and no TypeScript but declarations", (name) => {
    const { files } = packed[name];
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    expect(files.filter((file) => /(?<!\.d)\.ts$|\.test\.|tsconfig/.test(file))).toEqual([]);
  });

  it("of the runtime hold every entry with its declarations", () => {
    const entries = ["index", "admin", "testing/index"].flatMap((entry) => [`dist/${entry}.js`, `dist/${entry}.d.ts`]);
    expect(packed.runtime.files).toEqual(expect.arrayContaining(entries));
  });

  it("of the tool hold the schema that the first line of a contract names for editors", () => {
    expect(packed.cli.files).toContain("asyncapi.schema.json");
  });

  it("hold no place where a variable of the environment kills the process", async () => {
    const found = await succeed("grep", ["-rli", "failpoint", "runtime/failpoint.ts"], { cwd: ROOT });
    expect(found).toContain("failpoint.ts");
    const { stdout } = await ask("grep", ["-rli", "failpoint", "node_modules/@tandem"], { cwd: folder });
    expect(stdout).toBe("");
  });

  it("of the tool carry the licences of what is bundled", async () => {
    const notices = await readFile(join(folder, "node_modules/@tandem/cli/THIRD-PARTY.md"), "utf8");
    expect(notices).toMatch(/^## @asyncapi\/modelina \S+ \(Apache-2\.0\)$/m);
  });

  it("install neither Modelina nor a compiler", () => {
    const heavy = ["@asyncapi/modelina", "typescript", "esbuild", "ts-morph"];
    expect(heavy.filter((name) => existsSync(join(folder, "node_modules", name)))).toEqual([]);
  });
});

describe("the tool in somebody else's repository", () => {
  it("generates, and finds nothing to change afterwards", async () => {
    const generated = await succeed("npx", ["--no-install", "tandem", "generate"], { cwd: folder });
    expect(generated).toMatch(/^generated \d+ files, \d+ changed/);
    expect(await tandem(["generate", "--check"])).toMatchObject({ code: 0, stderr: "" });
  });

  it("ends with Ctrl-C while it watches, with every process that it started, and has changed nothing", async () => {
    for (const moment of ["Ctrl-C ends it", "waiting for the next save"]) {
      const terminal = startInForeground("npx", ["--no-install", "tandem", "generate", "--watch"], folder);
      await terminal.until(moment);
      const end = await terminal.pressCtrlC();
      // npm says of itself that it was interrupted.
      expect([0, 130, "SIGINT"]).toContain(end.code ?? end.signal);
    }
    expect(await tandem(["generate", "--check"])).toMatchObject({ code: 0, stderr: "" });
  }, 300_000);

  it("generates what the compiler accepts, declarations of the packages included", async () => {
    expect(await succeed(TSC, ["-p", "."], { cwd: folder })).toBe("");
  });

  it("makes the compiler ask for a handler that is missing", async () => {
    const file = join(folder, "forgetful.ts");
    await writeFile(
      file,
      `import type { GreeterHandlers } from "./generated/services/greeter.ts";\nexport const none: GreeterHandlers = {};\n`,
    );
    const { code, stdout } = await ask(TSC, ["-p", "."], { cwd: folder });
    await rm(file);
    expect(code).not.toBe(0);
    expect(stdout).toContain("Property 'greetingSent' is missing");
  });

  it("provisions; then a program publishes an event and handles it", async () => {
    const servers = { NATS_URL: nats.url, DATABASE_URL: database.url };
    const provisioned = await tandem(["provision", "--json"], servers);
    expect(provisioned).toMatchObject({ code: 0, stderr: "" });
    const { databases }: { databases: { service: string; url: string }[] } = JSON.parse(provisioned.stdout);
    const [greeter] = databases;
    expect(greeter?.service).toBe("greeter");

    const env = { ...servers, DATABASE_URL: greeter?.url ?? "", LOG_LEVEL: "warn" };
    const greeted = await succeed(process.execPath, ["greet.ts"], { cwd: folder, env });
    expect(JSON.parse(greeted)).toEqual({ remembered: [{ name: "world", words: "Hello" }] });
  });

  it("tests handlers with the runtime's own harness, on servers that are named", async () => {
    const env = { NATS_URL: nats.url, DATABASE_URL: database.url };
    const tested = await ask(process.execPath, ["--test", "tested.ts"], { cwd: folder, env });
    expect(tested.stdout).toMatch(/pass 2\n/);
    expect(tested).toMatchObject({ code: 0, stderr: "" });
  });

  it("asks for ts-morph where it has to read code, and then finds a handler that nothing asks for", async () => {
    expect(await tandem(["leftovers"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("npm install --save-dev ts-morph"),
    });
    await symlink(join(ROOT, "node_modules/ts-morph"), join(folder, "node_modules/ts-morph"));
    expect(await tandem(["leftovers"])).toMatchObject({ code: 0, stderr: "" });
    await writeFile(
      join(folder, "old.ts"),
      `import type { GreeterHandlers } from "./generated/services/greeter.ts";
const old = { greetingShouted() {} };
export const some: Partial<GreeterHandlers> = { ...old };
`,
    );
    const { code, stdout } = await tandem(["leftovers"]);
    await rm(join(folder, "old.ts"));
    await rm(join(folder, "node_modules/ts-morph"));
    expect(stdout).toMatch(/^old\.ts:2:15 error HANDLER_UNASKED /);
    expect(code).toBe(1);
  });

  it("answers a contract that is wrong with its place", async () => {
    const text = await readFile(join(folder, "asyncapi.yaml"), "utf8");
    await writeFile(join(folder, "wrong.yaml"), text.replace("x-stream: GREETINGS", "x-stream: GREETING"));
    const { code, stdout, stderr } = await tandem(["generate", "wrong.yaml", "--out", "elsewhere"]);
    expect(code).toBe(1);
    expect(stdout + stderr).toMatch(/^wrong\.yaml:\d+:\d+ error STREAM_UNDECLARED /m);
    expect(existsSync(join(folder, "elsewhere"))).toBe(false);
  });
});
