/** Reads contracts out of git, through `git` itself. */
import { execFile } from "node:child_process";
import { basename, dirname, relative, sep } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** A contract is text that people write; what is larger is none. */
const MAX_BYTES = 64 * 1024 * 1024;

/** One commit. */
export interface Commit {
  readonly id: string;
  /** When it was committed, in milliseconds since 1970. */
  readonly time: number;
}

/** The repository that a file lies in. */
export class Repository {
  readonly #directory: string;
  readonly #path: string;

  private constructor(file: string) {
    this.#directory = dirname(file);
    this.#path = `./${basename(file)}`;
  }

  /** The repository around a file; undefined when it lies in none, or there is no git. */
  static async around(file: string): Promise<Repository | undefined> {
    const repository = new Repository(file);
    return (await repository.#git("rev-parse", "--git-dir")) === undefined ? undefined : repository;
  }

  /** The commit that a name stands for. */
  async commit(name: string): Promise<string | undefined> {
    return oneLine(await this.#git("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`));
  }

  /** The last commit that two have in common. */
  async mergeBase(one: string, other: string): Promise<string | undefined> {
    return oneLine(await this.#git("merge-base", one, other));
  }

  /** The file's text in a commit; undefined when it is not in it. */
  async read(commit: string): Promise<string | undefined> {
    return await this.#git("show", `${commit}:${this.#path}`);
  }

  /** The text of another file in a commit, by its path on the disk; undefined when it is not in it. */
  async readOther(commit: string, path: string): Promise<string | undefined> {
    const inside = relative(this.#directory, path).replaceAll(sep, "/");
    return await this.#git("show", `${commit}:./${inside}`);
  }

  /** The commits up to one that changed the file on its first line of descent, newest first; at most `limit`. */
  async history(commit: string, limit: number): Promise<readonly Commit[]> {
    const format = "--format=%H %ct";
    const log = await this.#git("log", "--first-parent", format, `--max-count=${limit}`, commit, "--", this.#path);
    return (log ?? "").split("\n").flatMap((line) => {
      const [id, seconds] = line.split(" ");
      return id === undefined || seconds === undefined ? [] : [{ id, time: Number(seconds) * 1000 }];
    });
  }

  async #git(...args: readonly string[]): Promise<string | undefined> {
    try {
      const { stdout } = await run("git", ["-C", this.#directory, ...args], { maxBuffer: MAX_BYTES });
      return stdout;
    } catch {
      // Why git cannot is in the language of its user; who asks knows what it means here.
      return undefined;
    }
  }
}

function oneLine(text: string | undefined): string | undefined {
  const line = text?.trim();
  return line === undefined || line === "" ? undefined : line;
}
