/** Copies of this repository in which contract, services and generated code may be changed. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a service needs to run, and its contract to be generated from. */
const RELEASE = ["asyncapi.yaml", "package.json", "services", "evolutions"];

/** Everything that git would commit, in a repository of its own in a temporary folder. Answers the folder. */
export async function copyRepository(): Promise<string> {
  const target = await mkdtemp(join(tmpdir(), "tandem-copy-"));
  const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
  for (const file of stdout.split("\0").filter((name) => name !== "")) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    // A file that is deleted and not committed yet is listed too.
    await cp(join(ROOT, file), join(target, file)).catch(() => undefined);
  }
  await linkModules(target, target);
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

/** The contract and the services of a folder, without generated code, in a folder that does not exist yet. */
export async function copyRelease(target: string, source = ROOT): Promise<void> {
  await mkdir(target, { recursive: true });
  const present = new Set(await readdir(source));
  const wanted = RELEASE.filter((name) => present.has(name));
  await Promise.all(wanted.map(async (name) => cp(join(source, name), join(target, name), { recursive: true })));
  await linkModules(target, ROOT);
}

/** Links the installed packages into a folder, ours from a repository's sources. */
async function linkModules(target: string, repository: string): Promise<void> {
  const modules = join(target, "node_modules");
  await mkdir(join(modules, "@tandem"), { recursive: true });
  for (const name of await readdir(join(ROOT, "node_modules"))) {
    if (name !== "@tandem") await symlink(join(ROOT, "node_modules", name), join(modules, name));
  }
  await symlink(join(repository, "runtime"), join(modules, "@tandem/runtime"));
  await symlink(join(repository, "codegen"), join(modules, "@tandem/cli"));
}
