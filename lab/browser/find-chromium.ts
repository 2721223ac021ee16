import { LabError, reasonOf } from "../servers/lab-error.ts";
import type { OnProgress } from "../servers/progress.ts";
import { cachedChromium } from "./chromium-cache.ts";
import { distributionChromium } from "./chromium-distribution.ts";
import { installedChromium } from "./chromium-installed.ts";
import { checkChromium, type ChromiumProgram, type ChromiumSource } from "./chromium-program.ts";

/** Where to look for a Chromium, and who hears of it. */
export interface FindChromiumOptions {
  /** This process's own when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Asked one after the other; every source of this machine when absent. */
  readonly sources?: readonly ChromiumSource[];
  readonly onProgress?: OnProgress;
}

/** What needs no network goes first. */
const SOURCES: readonly ChromiumSource[] = [installedChromium, cachedChromium, distributionChromium];

/**
 * Finds a Chromium or Chrome: `CHROMIUM_BIN`, then the PATH, the cache, Debian's package, which is kept in the
 * cache. Rejects with `BINARY_NOT_FOUND` and everything that was tried. A `CHROMIUM_BIN` that will not do is an
 * error at once: who names a program does not want another.
 */
export async function findChromium(options: FindChromiumOptions = {}): Promise<ChromiumProgram> {
  const { env = process.env, sources = SOURCES, onProgress = () => {} } = options;
  const named = env["CHROMIUM_BIN"];
  if (named) return await checkNamed(named);

  const tried: string[] = [];
  for (const source of sources) {
    try {
      return await source.find({ env, onProgress, signal: AbortSignal.timeout(source.timeoutMs) });
    } catch (error) {
      tried.push(`  ${source.name}: ${reasonOf(error)}`);
    }
  }
  throw new LabError(
    "BINARY_NOT_FOUND",
    [
      "No Chromium could be had, which the tests of pages need. Tried:",
      ...tried,
      "Install Chromium or Chrome, or set CHROMIUM_BIN to the path of one.",
    ].join("\n"),
  );
}

async function checkNamed(path: string): Promise<ChromiumProgram> {
  try {
    return await checkChromium(path);
  } catch (cause) {
    throw new LabError(
      "BINARY_NOT_FOUND",
      `CHROMIUM_BIN names a program that will not do: ${reasonOf(cause)}. Correct it, or unset it to have one found.`,
      { cause },
    );
  }
}
