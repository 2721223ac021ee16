/** The distribution's own package, from a newer suite than this machine's, unpacked and not installed. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { archiveUris, type Distribution, thisDistribution } from "./apt-archive.ts";
import { reasonOf } from "./lab-error.ts";
import type { NatsSource } from "./nats-binary-source.ts";
import { installInCache } from "./nats-cache-install.ts";
import { firstThatExists, privateApt } from "./private-apt.ts";
import { runCommand } from "./run-command.ts";

/**
 * Works as root and as an ordinary user, and leaves the machine's own apt as it was: apt gets directories
 * of its own, and one source, which names a newer suite on the mirror that the machine uses already.
 * apt checks the archive's signature with the machine's keys.
 */
export const distributionPackage: NatsSource = {
  name: "distribution's package",
  timeoutMs: 90_000,
  async find({ env, onProgress, signal }) {
    const distribution = await thisDistribution();
    if (distribution === undefined) throw new Error("this machine runs neither Debian nor Ubuntu");
    const uris = await archiveUris(distribution.origin, signal);
    if (uris.length === 0) throw new Error(`apt names no archive of ${distribution.origin}`);
    onProgress(`fetching the nats-server package of ${distribution.origin}`);

    const refused: string[] = [];
    for (const uri of uris) {
      for (const suite of distribution.suites) {
        try {
          return await installInCache(env, (into) => fetchPackage(into, distribution, `${uri} ${suite}`, signal));
        } catch (error) {
          if (signal.aborted) throw error;
          refused.push(`${suite}: ${reasonOf(error)}`);
        }
      }
    }
    throw new Error(refused.join("; "));
  },
};

async function fetchPackage(
  into: string,
  distribution: Distribution,
  uriAndSuite: string,
  signal: AbortSignal,
): Promise<string> {
  const architecture = (await runCommand("dpkg", ["--print-architecture"])).trim();
  const keyring = await firstThatExists(distribution.keyrings).catch(() => undefined);
  const options = [`arch=${architecture}`, ...(keyring === undefined ? [] : [`signed-by=${keyring}`])].join(" ");
  const source = `deb [${options}] ${uriAndSuite} ${distribution.component}`;
  const apt = await privateApt(into, { source, signal });
  await apt("update");
  await apt("download", "nats-server");
  const archive = (await readdir(into)).find((name) => name.endsWith(".deb"));
  if (archive === undefined) throw new Error("apt-get download left no package");
  const unpacked = join(into, "package");
  await runCommand("dpkg", ["-x", join(into, archive), unpacked], { signal });
  await rm(join(into, archive));
  return firstThatExists(["usr/sbin/nats-server", "usr/bin/nats-server"].map((path) => join(unpacked, path)));
}
