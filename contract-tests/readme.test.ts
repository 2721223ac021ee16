/** Does what README says, in its order, in a copy of the repository: every command, and what it prints. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** A demo, a generation or a small test run takes seconds; on a loaded machine more. */
const LIMIT_MS = 180_000;

/** What cannot be run inside the tests, because it runs the tests, and who runs it: `.ci/run`. */
const RUN_BY_CI: Readonly<Record<string, RegExp>> = {
  "npm ci": /^npm ci\b/m,
  "npm test": /^npm run check\b/m,
};

/** One command of README, with what stands below it. */
interface ReadmeCommand {
  readonly command: string;
  /** It is said to fail: `# fails`. */
  readonly fails: boolean;
  /** The `text` block that follows; all of it has to be printed. */
  readonly prints: string;
}

const readme = await readFile(join(ROOT, "README.md"), "utf8");
const commands = readCommands(readme);
let copy: string;

beforeAll(async () => {
  copy = await copyRepository();
}, LIMIT_MS);

afterAll(async () => {
  await rm(copy, { recursive: true, force: true });
});

describe("README", () => {
  it("has commands", () => {
    expect(commands.length).toBeGreaterThan(5);
  });

  it.each(Object.entries(RUN_BY_CI))("%s is what .ci/run does", async (command, runner) => {
    expect(commands.map((known) => known.command)).toContain(command);
    expect(await readFile(join(ROOT, ".ci/run"), "utf8")).toMatch(runner);
  });

  it.each(commands.filter(({ command }) => !(command in RUN_BY_CI)))(
    "$command",
    async ({ command, fails, prints }) => {
      const { code, output } = await shell(command);
      expect({ code: code === 0 ? "succeeds" : "fails", output }).toMatchObject({ code: fails ? "fails" : "succeeds" });
      expect(output).toContain(prints);
    },
    LIMIT_MS,
  );

  it("leads back to where it started", async () => {
    expect((await run("git", ["status", "--short"], { cwd: copy })).stdout).toBe("");
  });

  it("shows what its patches do", async () => {
    const patches = await Promise.all(
      ["contract", "handlers"].map((name) => readFile(join(ROOT, `docs/tour/${name}.patch`), "utf8")),
    );
    const added = patches.join("\n").replaceAll(/^\+ */gm, "");
    const shown = [...readme.matchAll(/```(?:yaml|ts)\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.split("\n"));
    // The first line of a block may be the place where the rest is added.
    for (const line of shown.filter((text) => text.trim() !== "" && text !== "channels:"))
      expect(added).toContain(line.trim());
  });
});

function readCommands(text: string): readonly ReadmeCommand[] {
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```(?:\s*```text\n([\s\S]*?)```)?/g)];
  return blocks.flatMap(([, block = "", prints = ""]) => {
    const lines = block
      .trim()
      .split("\n")
      .flatMap((line) => line.split(" && "));
    return lines.map((line, n) => ({
      command: line.replace(/\s*#.*$/, ""),
      fails: line.endsWith("# fails"),
      prints: n === lines.length - 1 ? prints.trim() : "",
    }));
  });
}

async function shell(command: string): Promise<{ readonly code: number; readonly output: string }> {
  // What this test run tells its own processes must not reach another test run.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|TEST$|NODE_ENV)/.test(name)),
  );
  try {
    const { stdout, stderr } = await run("sh", ["-c", command], { cwd: copy, env, maxBuffer: 64 << 20 });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { code: error.code, output: error.stdout + error.stderr };
  }
}

function isFailure(
  error: unknown,
): error is { readonly code: number; readonly stdout: string; readonly stderr: string } {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "number" &&
    "stdout" in error &&
    "stderr" in error
  );
}

/** Everything that git would commit, in a repository of its own, with this repository's node_modules. */
async function copyRepository(): Promise<string> {
  const target = await mkdtemp(join(tmpdir(), "tandem-readme-"));
  const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
  for (const file of stdout.split("\0").filter((name) => name !== "")) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    // A file that is deleted and not committed yet is listed too.
    await cp(join(ROOT, file), join(target, file)).catch(() => undefined);
  }
  await linkModules(target);
  const author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  for (const words of [
    ["init", "-q"],
    ["add", "-A"],
    [...author, "commit", "-qm", "start"],
  ]) {
    await run("git", words, { cwd: target });
  }
  return target;
}

/** Links every package but ours, which have to be those of the copy. */
async function linkModules(target: string): Promise<void> {
  const modules = join(target, "node_modules");
  await mkdir(join(modules, "@tandem"), { recursive: true });
  for (const name of await readdir(join(ROOT, "node_modules"))) {
    if (name !== "@tandem") await symlink(join(ROOT, "node_modules", name), join(modules, name));
  }
  await symlink(join(target, "runtime"), join(modules, "@tandem/runtime"));
  await symlink(join(target, "codegen"), join(modules, "@tandem/cli"));
}
