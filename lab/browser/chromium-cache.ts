/** Chromium as it was unpacked before, in a folder for each version. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { cacheCandidates, cacheDirectory, refuseForeign } from "../servers/cache-directory.ts";
import { keepFolder } from "../servers/kept-folder.ts";
import { reasonOf } from "../servers/lab-error.ts";
import { checkChromium, type ChromiumProgram, type ChromiumSource, unpackedEnvironment } from "./chromium-program.ts";

/** Where the program is in what was unpacked. */
const PROGRAM = "usr/lib/chromium/chromium";

/** The newest Chromium that was fetched before and still runs. */
export const cachedChromium: ChromiumSource = {
  name: "cache",
  timeoutMs: 10_000,
  async find({ env, signal }) {
    const roots = cacheCandidates(env).map(chromiumCache);
    const folders = (await Promise.all(roots.map(foldersOf))).flat();
    const refused: string[] = [];
    for (const folder of folders) {
      try {
        return await checkUnpacked(folder, signal);
      } catch (error) {
        refused.push(reasonOf(error));
      }
    }
    throw new Error(refused.join("; ") || `nothing was fetched before to ${roots.join(" or ")}`);
  },
};

/** Puts a Chromium into the cache. `fetch` is given an empty folder in it, and unpacks there; the program is run once. */
export async function keepChromium(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  fetch: (into: string) => Promise<void>,
): Promise<ChromiumProgram> {
  const folder = await keepFolder({
    root: chromiumCache(await cacheDirectory(env)),
    async make(into) {
      await fetch(into);
      return (await checkUnpacked(into, signal)).version;
    },
    check: async (kept) => await checkUnpacked(kept, signal),
  });
  return await checkUnpacked(folder, signal);
}

function chromiumCache(cacheDirectory: string): string {
  return join(cacheDirectory, "chromium");
}

async function checkUnpacked(folder: string, signal: AbortSignal): Promise<ChromiumProgram> {
  const program = join(folder, PROGRAM);
  return await checkChromium(program, unpackedEnvironment(folder, await libraryFolders(folder)), { signal });
}

/** Where libraries lie in what was unpacked: `usr/lib/<architecture>`, and folders of it that are searched by name. */
async function libraryFolders(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const base of ["usr/lib", "lib"]) {
    const names = await readdir(join(folder, base)).catch(() => []);
    for (const name of names.filter((entry) => entry.includes("-linux-gnu"))) {
      const place = `${base}/${name}`;
      // Libraries that others open at run time, by a name without a folder.
      const within = await readdir(join(folder, place));
      found.push(place, ...["nss", "pulseaudio"].filter((sub) => within.includes(sub)).map((sub) => `${place}/${sub}`));
    }
  }
  return found;
}

/** The newest first. None of a directory that others may write to. */
async function foldersOf(root: string): Promise<readonly string[]> {
  const names = await refuseForeign(join(root, ".."))
    .then(() => readdir(root))
    .catch(() => []);
  const versions = names.filter((name) => /^\d/.test(name));
  const collator = new Intl.Collator("en", { numeric: true });
  return versions.toSorted((left, right) => collator.compare(right, left)).map((name) => join(root, name));
}
