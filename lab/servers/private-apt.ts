/** apt with directories of its own: the machine's apt stays as it was, and no rights are needed. */
import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./run-command.ts";

/** Where packages come from. */
export interface PrivateAptOptions {
  /**
   * The one line of its sources: then it knows of no package that is installed, and of none of the machine's
   * preferences. Absent: the machine's own sources, and it passes over what is installed.
   */
  readonly source?: string;
  readonly signal: AbortSignal;
}

/** Runs apt-get with these arguments, and returns what it printed. */
export type Apt = (...args: readonly string[]) => Promise<string>;

/** Where archives are put that `install --download-only` fetches. */
export const ARCHIVES = "archives";

/**
 * Prepares an apt whose every path is inside `directory/apt`. Commands run in `directory`. apt checks the
 * archives' signatures with the machine's keys.
 */
export async function privateApt(directory: string, { source, signal }: PrivateAptOptions): Promise<Apt> {
  const root = join(directory, "apt");
  await mkdir(join(root, "lists", "partial"), { recursive: true });
  await mkdir(join(root, ARCHIVES, "partial"), { recursive: true });
  await writeFile(join(root, "status"), "");
  if (source !== undefined) await writeFile(join(root, "sources.list"), `${source}\n`);
  const config = join(root, "apt.conf");
  await writeFile(config, aptSettings(root, source !== undefined));
  return (...args) =>
    runCommand("apt-get", [...args, "-qq", "--config-file", config], { cwd: directory, signal, timeoutMs: 0 });
}

/** Hooks are cleared, because some machines use them to empty the cache of the machine's own apt. */
function aptSettings(root: string, hasOwnSource: boolean): string {
  const path = (name: string) => JSON.stringify(join(root, name));
  const sources = `
Dir::Etc::SourceList ${path("sources.list")};
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::State::Status ${path("status")};
APT::Update::Error-Mode "any";`;
  return `
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::State ${path("")};
Dir::State::Lists ${path("lists")};
Dir::Cache ${path("")};
Dir::Cache::Archives ${path(ARCHIVES)};${hasOwnSource ? sources : '\nDir::State::Status "/var/lib/dpkg/status";'}
Debug::NoLocking "true";
APT::Sandbox::User "root";
APT::Get::List-Cleanup "false";
Acquire::Languages "none";
Acquire::PDiffs "false";
Acquire::Retries "1";
Acquire::http::Timeout "6";
Acquire::https::Timeout "6";
Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled "false";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
`;
}

/** The first of the paths that is there. Rejects when none is. */
export async function firstThatExists(paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const found = await access(path).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  throw new Error(`none of these is there: ${paths.join(", ")}`);
}
