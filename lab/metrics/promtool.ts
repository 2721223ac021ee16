/** promtool, which checks the configuration and the alerts of Prometheus, and tries alerts on invented series. */
import { access, constants, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheCandidates, cacheDirectory, refuseForeign } from "../servers/cache-directory.ts";
import { keepFolder } from "../servers/kept-folder.ts";
import { reasonOf } from "../servers/lab-error.ts";
import { findProgram, type FindProgramOptions, type ProgramSource } from "../servers/program-source.ts";
import { runCommand } from "../servers/run-command.ts";
import { distributionPromtool } from "./promtool-distribution.ts";

/** A promtool that was run once. */
export interface Promtool {
  readonly path: string;
  /** For example `2.42.0`. */
  readonly version: string;
}

/** One place that a promtool can come from. */
export type PromtoolSource = ProgramSource<Promtool>;

const NAME = "promtool";

/** Runs the program with `--version`. Rejects when that fails, or when it is something else. */
async function checkPromtool(path: string): Promise<Promtool> {
  const answer = await runCommand(path, ["--version"]);
  const version = /^promtool, version (\d+\.\d+\.\d+)/m.exec(answer)?.[1];
  if (version === undefined)
    throw new Error(`${path} is no promtool: to --version it says "${answer.trim().split("\n")[0]}"`);
  return { path, version };
}

/** The first of the files that is there and runs. */
async function firstThatRuns(paths: readonly string[], otherwise: string): Promise<Promtool> {
  const refused: string[] = [];
  for (const path of paths) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!isThere) continue;
    try {
      return await checkPromtool(path);
    } catch (error) {
      refused.push(reasonOf(error));
    }
  }
  throw new Error(refused.join("; ") || otherwise);
}

const installed: PromtoolSource = {
  name: "PATH",
  timeoutMs: 10_000,
  find: async ({ env }) => {
    const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
    return firstThatRuns(
      folders.map((folder) => join(folder, NAME)),
      "there is no promtool on it",
    );
  },
};

const cached: PromtoolSource = {
  name: "cache",
  timeoutMs: 10_000,
  find: async ({ env }) => {
    const roots = cacheCandidates(env).map(promtoolCache);
    const kept = await Promise.all(roots.map(keptIn));
    return firstThatRuns(kept.flat(), `nothing was fetched before to ${roots.join(" or ")}`);
  },
};

/** The distribution's package, of which the one program is kept in the cache. */
const distribution: PromtoolSource = {
  ...distributionPromtool,
  find: async ({ env, onProgress, signal }) => {
    const folder = await keepFolder({
      root: promtoolCache(await cacheDirectory(env)),
      async make(into) {
        await distributionPromtool.fetch(into, { onProgress, signal });
        return (await checkPromtool(join(into, NAME))).version;
      },
      check: async (kept) => await checkPromtool(join(kept, NAME)),
    });
    return await checkPromtool(join(folder, NAME));
  },
};

function promtoolCache(cache: string): string {
  return join(cache, NAME);
}

/** None of a directory that others may write to. */
async function keptIn(root: string): Promise<readonly string[]> {
  const names = await refuseForeign(join(root, ".."))
    .then(() => readdir(root))
    .catch(() => []);
  return names.filter((name) => /^\d/.test(name)).map((name) => join(root, name, NAME));
}

/**
 * Finds a promtool: `PROMTOOL_BIN`, then the PATH, the cache, the package of Debian or Ubuntu, whose promtool is kept in
 * the cache. Rejects with `BINARY_NOT_FOUND` and everything that was tried.
 */
export async function findPromtool(options: FindProgramOptions<Promtool> = {}): Promise<Promtool> {
  const wanted = {
    variable: "PROMTOOL_BIN",
    check: checkPromtool,
    sources: [installed, cached, distribution],
    missing: "No promtool could be had, which the tests of alerts need.",
    todo: ["Install Prometheus, which brings it, or set PROMTOOL_BIN to the path of one."],
  };
  return await findProgram(wanted, options);
}
