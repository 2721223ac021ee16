import { checkNatsBinary, type NatsBinary, type NatsSource } from "./nats-binary-source.ts";
import { distributionPackage } from "./nats-source-distribution.ts";
import { cachedBinary, installedBinary } from "./nats-source-local.ts";
import { releaseArchive } from "./nats-source-release.ts";
import { findProgram, type FindProgramOptions } from "./program-source.ts";
import { MINIMUM_NATS_VERSION } from "./server-version.ts";

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
export async function findNatsServer(options: FindProgramOptions<NatsBinary> = {}): Promise<NatsBinary> {
  const wanted = {
    variable: "NATS_SERVER_BIN",
    check: checkNatsBinary,
    sources: SOURCES,
    missing: `No nats-server ${MINIMUM_NATS_VERSION} or newer could be had.`,
    todo: [
      "Do one of these: install nats-server (https://github.com/nats-io/nats-server/releases);",
      "set NATS_SERVER_BIN to the path of one; or set NATS_URL to a server that runs with JetStream.",
    ],
  };
  return await findProgram(wanted, options);
}
