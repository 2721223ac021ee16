/** Finds what a contract is compared with. */
import { relative, resolve } from "node:path";
import { OTHERS_PATH } from "../emit/others.ts";
import type { ReadFile } from "../spec/files.ts";
import { isFile } from "../command/path-kind.ts";
import { readDisk } from "../spec/read-disk.ts";
import { readText } from "../spec/read-text.ts";
import { Repository } from "./git.ts";
import { findPackage } from "./find-package.ts";
import { keptOthers } from "./kept-others.ts";

/** Branches that changes are merged into, the one that is nearer to what others see first. */
const TRUNKS = ["origin/main", "main"];
/** Commits of a contract that are looked at for what may still be stored. */
const HISTORY = 200;

/** The text of a contract, and what it is called. */
export interface ContractText {
  readonly file: string;
  readonly text: string;
  /** Reads the other files that it refers to. */
  readonly read: ReadFile;
  /** What stands before the names of its files in messages: `main:`. */
  readonly prefix: string;
}

/** What a contract is compared with. */
export interface Base extends ContractText {
  /** What it is called in messages: `main (1a2b3c4)`. */
  readonly label: string;
  /** Older contracts that were in force at some time after the given one, newest first; none without git. */
  readonly olderSince: (time: number) => Promise<readonly (ContractText & { readonly label: string })[]>;
}

/** Why there is nothing to compare with, and what to do. */
export class NoBase extends Error {}

/** What the arguments say of the base. */
export interface BaseRequest {
  readonly cwd: string;
  /** The contract, relative to `cwd`. */
  readonly file: string;
  readonly against: string | undefined;
  /** Whether `against` is a file, whatever else has its name. */
  readonly isFile: boolean;
  /** The directory of the generated code, relative to `cwd`. */
  readonly out: string;
}

/**
 * Finds the base: a file, a commit, an installed package, or by itself the merge base with `origin/main` or `main`, else `HEAD`.
 * @throws NoBase
 */
export async function findBase(request: BaseRequest): Promise<Base> {
  const { cwd, file, against } = request;
  if (against !== undefined && request.isFile) return await fileBase(cwd, against);
  const repository = await Repository.around(resolve(cwd, file));
  if (against === undefined) return await mergeBase(repository, request);
  const commit = await repository?.commit(against);
  const hasFile = await isFile(resolve(cwd, against));
  if (commit !== undefined && hasFile) {
    throw new NoBase(
      `${against} is a commit and a file: add --file for the file, or write the commit as ${against}^0.`,
    );
  }
  if (hasFile) return await fileBase(cwd, against);
  const found = await findPackage(cwd, against);
  if (commit !== undefined && found.kind !== "absent") {
    throw new NoBase(
      `${against} is a commit and an installed package: name the package's file (node_modules/${against}/FILE), or ` +
        `write the commit as ${against}^0.`,
    );
  }
  if (found.kind === "refused") throw new NoBase(found.why);
  if (found.kind === "found") return await fileBase(cwd, found.file, found.label);
  if (commit !== undefined && repository !== undefined) return await commitBase(repository, commit, against, request);
  const missing = notInstalled(found.looked);
  if (repository === undefined) {
    const no = missing === "" ? "" : ` and no${missing}`;
    throw new NoBase(outsideGit(file, `${against} is no file${no}, and `));
  }
  const nor = missing === "" ? "" : ` nor an${missing}`;
  throw new NoBase(
    `${against} is neither a commit of this repository nor a file${nor}.${shallow(against, found.looked)}`,
  );
}

async function mergeBase(repository: Repository | undefined, request: BaseRequest): Promise<Base> {
  const head = await repository?.commit("HEAD");
  if (repository === undefined) throw new NoBase(outsideGit(request.file));
  if (head === undefined) throw new NoBase("nothing is committed yet, so there is nothing to compare with.");
  for (const trunk of TRUNKS) {
    const tip = await repository.commit(trunk);
    const common = tip === undefined ? undefined : await repository.mergeBase(head, tip);
    if (common !== undefined) return await commitBase(repository, common, trunk, request);
  }
  return await commitBase(repository, head, "HEAD", request);
}

async function commitBase(repository: Repository, commit: string, name: string, request: BaseRequest): Promise<Base> {
  const { file } = request;
  const text = await repository.read(commit);
  const short = commit.slice(0, 7);
  if (text === undefined) {
    throw new NoBase(`${name} (${short}) has no ${file}: commit one first, or name another base with --against.`);
  }
  return {
    file,
    prefix: `${name}:`,
    read: readCommit(repository, commit, request),
    label: commit.startsWith(name) ? short : `${name} (${short})`,
    text,
    async olderSince(time) {
      const history = await repository.history(commit, HISTORY);
      // Each was in force until the next one came; the newest of them is the base.
      const inForce = history.filter((_, index) => index > 0 && (history[index - 1]?.time ?? 0) >= time);
      const texts = await Promise.all(inForce.map(async ({ id }) => await repository.read(id)));
      return inForce.flatMap(({ id, time: committed }, index) => {
        const old = texts[index];
        const seen = old === undefined || old === text || texts.indexOf(old) < index;
        const label = `${id.slice(0, 7)} of ${new Date(committed).toISOString().slice(0, 10)}`;
        const read = readCommit(repository, id, request);
        return seen ? [] : [{ file, prefix: `${id.slice(0, 7)}:`, label, text: old, read }];
      });
    },
  };
}

/**
 * Reads files of a contract as a commit has them. What the commit does not hold, such as a file of a package, is what
 * the generated code of that commit was made from.
 */
function readCommit(repository: Repository, commit: string, { cwd, file, out }: BaseRequest): ReadFile {
  const readIn = async (path: string) => await repository.readOther(commit, resolve(cwd, path));
  let kept: Promise<ReadonlyMap<string, string>> | undefined;
  return async (path) => {
    const text = await readIn(path);
    if (text !== undefined) return text;
    kept ??= readIn(`${out}/${OTHERS_PATH}`).then((others) => keptOthers(others, file));
    return (await kept).get(path);
  };
}

/**
 * The contract that is judged: a file, or an installed package.
 * @throws NoBase
 */
export async function findContract(cwd: string, asked: string, command: string): Promise<ContractText> {
  const found = (await isFile(resolve(cwd, asked))) ? undefined : await findPackage(cwd, asked);
  if (found?.kind === "refused") throw new NoBase(found.why);
  const file = found?.kind === "found" ? found.file : asked;
  const text = await readText(resolve(cwd, file)).catch(() => {
    const missing = found?.kind === "absent" ? notInstalled(found.looked) : "";
    const nor = missing === "" ? "" : ` and no${missing}`;
    throw new NoBase(`cannot read ${asked}: there is no such file${nor}. Name the contract: ${command} FILE`);
  });
  return { file, prefix: "", text, read: readDisk(cwd) };
}

async function fileBase(cwd: string, path: string, called?: string): Promise<Base> {
  const whole = resolve(cwd, path);
  if (!(await isFile(whole))) throw new NoBase(`cannot read ${path}: there is no such file.`);
  const name = relative(cwd, whole).startsWith("..") ? path : relative(cwd, whole);
  const text = await readText(whole);
  return {
    file: name,
    prefix: "",
    label: called ?? name,
    text,
    read: readDisk(cwd),
    olderSince: () => Promise.resolve([]),
  };
}

function outsideGit(file: string, before = ""): string {
  return `${before}${file} lies in no git repository, or git is not installed. Name a file: --against FILE`;
}

function notInstalled(looked: string | undefined): string {
  return looked === undefined ? "" : ` installed package (there is no ${looked}, here or in a folder above)`;
}

function shallow(name: string, looked: string | undefined): string {
  // No branch is called as a package with a scope is.
  if (looked !== undefined && name.startsWith("@")) return " Install it first.";
  return ` In a shallow clone, fetch it first: git fetch origin ${name.replace(/^origin\//, "")}`;
}
