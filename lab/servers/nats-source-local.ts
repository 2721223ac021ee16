/** Sources that need no network: what is installed, and what was fetched before. */
import { access, constants, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { cacheCandidates, refuseForeign } from "./cache-directory.ts";
import { reasonOf } from "./lab-error.ts";
import { checkNatsBinary, type NatsBinary, type NatsSource } from "./nats-binary-source.ts";
import { compareVersions, parseVersion } from "./server-version.ts";

/** The first nats-server on PATH that is new enough. */
export const installedBinary: NatsSource = {
  name: "PATH",
  timeoutMs: 10_000,
  find({ env }) {
    const directories = (env["PATH"] ?? "").split(delimiter).filter((directory) => directory !== "");
    return firstThatWillDo(
      directories.map((directory) => join(directory, "nats-server")),
      "there is no nats-server on it",
    );
  },
};

/** The newest nats-server that was fetched before. */
export const cachedBinary: NatsSource = {
  name: "cache",
  timeoutMs: 10_000,
  async find({ env }) {
    const caches = cacheCandidates(env);
    const versions = await Promise.all(caches.map(cachedVersions));
    return firstThatWillDo(versions.flat(), `nothing was fetched before to ${caches.map(natsCache).join(" or ")}`);
  },
};

/** Where fetched servers are kept, in a directory for each version. */
export function natsCache(cacheDirectory: string): string {
  return join(cacheDirectory, "nats-server");
}

/** The newest first. None of a directory that others may write to. */
async function cachedVersions(cache: string): Promise<readonly string[]> {
  const root = natsCache(cache);
  const names = await refuseForeign(cache)
    .then(() => readdir(root))
    .catch(() => []);
  const found = names.flatMap((name) => {
    const version = /^\d/.test(name) ? parseVersion(name) : undefined;
    return version === undefined ? [] : [{ version, path: join(root, name, "nats-server") }];
  });
  return found.toSorted((left, right) => compareVersions(right.version, left.version)).map(({ path }) => path);
}

async function firstThatWillDo(paths: readonly string[], whenNone: string): Promise<NatsBinary> {
  const refused: string[] = [];
  for (const path of paths) {
    try {
      await access(path, constants.X_OK);
    } catch {
      continue;
    }
    try {
      return await checkNatsBinary(path);
    } catch (error) {
      refused.push(reasonOf(error));
    }
  }
  throw new Error(refused.length > 0 ? refused.join("; ") : whenNone);
}
