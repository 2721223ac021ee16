import { findProgram, type FindProgramOptions } from "../servers/program-source.ts";
import { cachedChromium } from "./chromium-cache.ts";
import { distributionChromium } from "./chromium-distribution.ts";
import { installedChromium } from "./chromium-installed.ts";
import { checkChromium, type ChromiumProgram, type ChromiumSource } from "./chromium-program.ts";

/** What needs no network goes first. */
const SOURCES: readonly ChromiumSource[] = [installedChromium, cachedChromium, distributionChromium];

/**
 * Finds a Chromium or Chrome: `CHROMIUM_BIN`, then the PATH, the cache, Debian's package, which is kept in the
 * cache. Rejects with `BINARY_NOT_FOUND` and everything that was tried. A `CHROMIUM_BIN` that will not do is an
 * error at once: who names a program does not want another.
 */
export async function findChromium(options: FindProgramOptions<ChromiumProgram> = {}): Promise<ChromiumProgram> {
  const wanted = {
    variable: "CHROMIUM_BIN",
    check: (path: string) => checkChromium(path),
    sources: SOURCES,
    missing: "No Chromium could be had, which the tests of pages need.",
    todo: ["Install Chromium or Chrome, or set CHROMIUM_BIN to the path of one."],
  };
  return await findProgram(wanted, options);
}
