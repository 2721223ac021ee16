/** promtool out of the distribution's package of Prometheus, unpacked and not installed. */
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { thisDistribution } from "../servers/apt-archive.ts";
import { privateApt } from "../servers/private-apt.ts";
import type { OnProgress } from "../servers/progress.ts";
import { runCommand } from "../servers/run-command.ts";

/**
 * Works as root and as an ordinary user. The package comes from the sources that the machine's apt has, since the program
 * must go with its libraries.
 */
export const distributionPromtool = {
  name: "distribution's package",
  timeoutMs: 180_000,
  /** Puts the program into an empty folder, and leaves nothing else there. */
  async fetch(
    into: string,
    { onProgress, signal }: { readonly onProgress: OnProgress; readonly signal: AbortSignal },
  ): Promise<void> {
    const distribution = await thisDistribution();
    if (distribution === undefined) throw new Error("this machine runs neither Debian nor Ubuntu");
    onProgress(`fetching the prometheus package of ${distribution.origin} (20 MB)`);
    const apt = await privateApt(into, { signal });
    await apt("update");
    await apt("download", "prometheus");
    const archive = (await readdir(into)).find((name) => name.endsWith(".deb"));
    if (archive === undefined) throw new Error("apt-get download left no package");
    const unpacked = join(into, "package");
    await runCommand("dpkg", ["-x", join(into, archive), unpacked], { signal, timeoutMs: 60_000 });
    await rename(join(unpacked, "usr/bin/promtool"), join(into, "promtool"));
    for (const name of ["apt", archive, "package"]) await rm(join(into, name), { recursive: true });
  },
};
