/** The distribution's own package, from a newer suite than this machine's, unpacked and not installed. */
import { access, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { archiveUris, type Distribution, thisDistribution } from "./apt-archive.ts";
import { reasonOf } from "./lab-error.ts";
import type { NatsSource } from "./nats-binary-source.ts";
import { installInCache } from "./nats-cache-install.ts";
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
  const config = await writePrivateApt(join(into, "apt"), distribution, uriAndSuite);
  const apt = (...args: string[]) =>
    runCommand("apt-get", [...args, "-qq", "--config-file", config], { cwd: into, signal, timeoutMs: 0 });
  await apt("update");
  await apt("download", "nats-server");
  const archive = (await readdir(into)).find((name) => name.endsWith(".deb"));
  if (archive === undefined) throw new Error("apt-get download left no package");
  const unpacked = join(into, "package");
  await runCommand("dpkg", ["-x", join(into, archive), unpacked], { signal });
  await rm(join(into, archive));
  return firstThatExists(["usr/sbin/nats-server", "usr/bin/nats-server"].map((path) => join(unpacked, path)));
}

/** Writes an apt configuration whose every path is inside `directory`, and returns its file. */
async function writePrivateApt(directory: string, distribution: Distribution, uriAndSuite: string): Promise<string> {
  await mkdir(join(directory, "lists", "partial"), { recursive: true });
  await mkdir(join(directory, "archives", "partial"), { recursive: true });
  await writeFile(join(directory, "status"), "");
  const architecture = (await runCommand("dpkg", ["--print-architecture"])).trim();
  const keyring = await firstThatExists(distribution.keyrings).catch(() => undefined);
  const options = [`arch=${architecture}`, ...(keyring === undefined ? [] : [`signed-by=${keyring}`])].join(" ");
  await writeFile(join(directory, "sources.list"), `deb [${options}] ${uriAndSuite} ${distribution.component}\n`);

  const file = join(directory, "apt.conf");
  await writeFile(file, aptSettings(directory));
  return file;
}

/** Hooks are cleared, because some machines use them to empty the cache of the machine's own apt. */
function aptSettings(directory: string): string {
  const path = (name: string) => JSON.stringify(join(directory, name));
  return `
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::Etc::SourceList ${path("sources.list")};
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State ${path("")};
Dir::State::Lists ${path("lists")};
Dir::State::Status ${path("status")};
Dir::Cache ${path("")};
Dir::Cache::Archives ${path("archives")};
APT::Sandbox::User "root";
APT::Get::List-Cleanup "false";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::PDiffs "false";
Acquire::Retries "1";
Acquire::http::Timeout "6";
Acquire::https::Timeout "6";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
`;
}

async function firstThatExists(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new Error(`none of these is there: ${paths.join(", ")}`);
}
