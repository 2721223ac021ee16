import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { cacheDirectory } from "./cache-directory.ts";
import { checkNatsBinary, type NatsBinary } from "./nats-binary-source.ts";
import { natsCache } from "./nats-source-local.ts";

/**
 * Puts a nats-server into the cache. `fetch` is given an empty directory inside the cache, and returns the
 * path of the program that it put there; the program is run once, and then moved to its place in one
 * step, so that another process sees all of it or nothing, and of two that fetch at once either may win.
 */
export async function installInCache(
  env: NodeJS.ProcessEnv,
  fetch: (into: string) => Promise<string>,
): Promise<NatsBinary> {
  const root = natsCache(await cacheDirectory(env));
  await mkdir(root, { recursive: true });
  await removeAbandoned(root);
  const partial = await mkdtemp(join(root, ".partial-"));
  try {
    const fetched = await fetch(partial);
    await chmod(fetched, 0o755);
    const { version } = await checkNatsBinary(fetched);
    const path = join(root, version, "nats-server");
    await mkdir(join(root, version), { recursive: true });
    await rename(fetched, path);
    return { path, version };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** Longer than every source may take: what is older was left by a process that was killed. */
const ABANDONED_MS = 10 * 60_000;

async function removeAbandoned(root: string): Promise<void> {
  const partials = (await readdir(root)).filter((name) => name.startsWith(".partial-")).map((name) => join(root, name));
  for (const partial of partials) {
    const changedAt = await stat(partial).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - changedAt > ABANDONED_MS) await rm(partial, { recursive: true, force: true });
  }
}
