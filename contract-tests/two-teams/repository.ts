/** A git repository of one team, in a temporary folder, with the tool of this repository. */
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Answer, ask, succeed } from "../packages/ask.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TESTDATA = fileURLToPath(new URL("./testdata/", import.meta.url));

const AUTHOR = {
  GIT_AUTHOR_NAME: "a team",
  GIT_AUTHOR_EMAIL: "team@example.com",
  GIT_COMMITTER_NAME: "a team",
  GIT_COMMITTER_EMAIL: "team@example.com",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/** One team's repository. */
export class TeamRepository {
  readonly folder: string;

  /** @param name The folder of `testdata/` that it begins with. */
  constructor(name: string) {
    this.folder = mkdtempSync(join(tmpdir(), `tandem-team-${name}-`));
    cpSync(join(TESTDATA, name), this.folder, { recursive: true });
    renameSync(join(this.folder, "gitignore"), join(this.folder, ".gitignore"));
    mkdirSync(join(this.folder, "node_modules/@tandem"), { recursive: true });
    symlinkSync(join(ROOT, "runtime"), join(this.folder, "node_modules/@tandem/runtime"));
    symlinkSync(join(ROOT, "node_modules/@types"), join(this.folder, "node_modules/@types"));
    mkdirSync(join(this.folder, "node_modules/.bin"));
    symlinkSync(join(ROOT, "node_modules/.bin/tsc"), join(this.folder, "node_modules/.bin/tsc"));
    const tandem = join(this.folder, "node_modules/.bin/tandem");
    writeFileSync(tandem, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "ops/main.ts")}" "$@"\n`);
    chmodSync(tandem, 0o755);
  }

  /** Commits everything, on a branch: that of the last commit, or a new one. */
  async commit(message: string, branch?: string): Promise<void> {
    const git = (...args: readonly string[]) => succeed("git", args, { cwd: this.folder, env: AUTHOR });
    if (branch !== undefined) await git("checkout", "-q", "-B", branch);
    await git("add", "--all");
    await git("commit", "--quiet", "--allow-empty", "--message", message);
  }

  /** Begins the repository, with what is there as its first commit. */
  async begin(): Promise<void> {
    await succeed("git", ["init", "--quiet", "--initial-branch=main"], { cwd: this.folder, env: AUTHOR });
    await this.commit("Begin");
  }

  tandem(...args: readonly string[]): Promise<Answer> {
    return ask(process.execPath, [join(ROOT, "ops/main.ts"), ...args], { cwd: this.folder });
  }

  types(): Promise<Answer> {
    return ask(join(ROOT, "node_modules/.bin/tsc"), ["-p", "."], { cwd: this.folder });
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }

  /** Changes a file: every part is replaced, and has to be there. */
  edit(path: string, parts: Readonly<Record<string, string>>): void {
    let text = this.read(path);
    for (const [from, to] of Object.entries(parts)) {
      if (!text.includes(from)) throw new Error(`${path} has no ${from}:\n${text}`);
      text = text.replace(from, to);
    }
    this.write(path, text);
  }

  /** Installs what another team has published: its contract, as a package. */
  install({ folder }: TeamRepository): void {
    const place = join(this.folder, "node_modules/@acme/orders-contract");
    mkdirSync(place, { recursive: true });
    for (const file of ["package.json", "asyncapi.yaml"]) cpSync(join(folder, file), join(place, file));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
