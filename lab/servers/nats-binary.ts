import { LabError, reasonOf } from "./lab-error.ts";
import { checkNatsBinary, type NatsBinary, type NatsSource } from "./nats-binary-source.ts";
import { distributionPackage } from "./nats-source-distribution.ts";
import { cachedBinary, installedBinary } from "./nats-source-local.ts";
import { releaseArchive } from "./nats-source-release.ts";
import type { OnProgress } from "./progress.ts";
import { MINIMUM_NATS_VERSION } from "./server-version.ts";

/** Where to look for a nats-server, and who hears of it. */
export interface FindNatsOptions {
  /** This process's own when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Asked one after the other; every source of this machine when absent. */
  readonly sources?: readonly NatsSource[];
  readonly onProgress?: OnProgress;
}

/**
 * What needs no network goes first. The release archive goes before the distribution's package: it is one
 * file of a pinned version and checksum, where a distribution's suite moves. Without a way to the
 * release page it gives up within seconds.
 */
const SOURCES: readonly NatsSource[] = [installedBinary, cachedBinary, releaseArchive, distributionPackage];

/**
 * Finds a nats-server that is new enough: `NATS_SERVER_BIN`, then PATH, the cache, the official release
 * archive, the distribution's package. What had to be fetched is kept in the cache; processes that fetch at
 * the same time do not disturb each other.
 *
 * Rejects with `BINARY_NOT_FOUND` and everything that was tried. A `NATS_SERVER_BIN` that will not do is
 * an error at once: who names a program does not want another.
 */
export async function findNatsServer(options: FindNatsOptions = {}): Promise<NatsBinary> {
  const { env = process.env, sources = SOURCES, onProgress = () => {} } = options;
  const named = env["NATS_SERVER_BIN"];
  if (named) return checkNamed(named);

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
      `No nats-server ${MINIMUM_NATS_VERSION} or newer could be had. Tried:`,
      ...tried,
      "Do one of these: install nats-server (https://github.com/nats-io/nats-server/releases);",
      "set NATS_SERVER_BIN to the path of one; or set NATS_URL to a server that runs with JetStream.",
    ].join("\n"),
  );
}

async function checkNamed(path: string): Promise<NatsBinary> {
  try {
    return await checkNatsBinary(path);
  } catch (cause) {
    throw new LabError(
      "BINARY_NOT_FOUND",
      `NATS_SERVER_BIN names a program that will not do: ${reasonOf(cause)}. Correct it, or unset it to have one found.`,
      { cause },
    );
  }
}
