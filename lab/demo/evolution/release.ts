/** Releases of the system in folders of their own: a contract, the services, and the code generated from it. */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { run as codegen } from "../../../codegen/main.ts";
import { copyRelease } from "../../system/repository-copy.ts";

const run = promisify(execFile);
const PATCHES = fileURLToPath(new URL("releases/", import.meta.url));

export interface Release {
  /** As it is called in what the demo prints. */
  readonly name: string;
  readonly root: string;
  readonly contract: string;
  readonly topology: string;
}

export interface ReleaseOptions {
  /** Where releases go, a folder each. */
  readonly directory: string;
  readonly name: string;
  /** The release that it follows; the repository when absent. */
  readonly after?: Release;
  /** Changes the contract, before the patch. */
  readonly edit?: (release: Release) => Promise<void>;
  /** A file of `releases/`: what somebody changed by hand. */
  readonly patch?: string;
}

/**
 * Makes a release and generates its code.
 *
 * @throws when the patch does not apply any more, or the contract has errors
 */
export async function buildRelease({ directory, name, after, edit, patch }: ReleaseOptions): Promise<Release> {
  const root = join(directory, name.replaceAll(" ", "-"));
  const release: Release = {
    name,
    root,
    contract: join(root, "asyncapi.yaml"),
    topology: join(root, "generated/topology.json"),
  };
  await copyRelease(root, after?.root);
  await edit?.(release);
  if (patch !== undefined) await applyPatch(root, join(PATCHES, patch));
  await generate(release);
  return release;
}

async function generate({ name, root }: Release): Promise<void> {
  const messages: string[] = [];
  const keep = (text: string) => messages.push(text);
  const code = await codegen([], { cwd: root, stdout: keep, stderr: keep });
  if (code !== 0) throw new Error(`The contract of ${name} does not generate:\n${messages.join("\n")}`);
}

async function applyPatch(root: string, patch: string): Promise<void> {
  try {
    // A repository around the folder would have git look for the files there.
    await run("git", ["apply", patch], { cwd: root, env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(root) } });
  } catch (cause) {
    if (!(cause instanceof Error && "stderr" in cause && "code" in cause)) throw cause;
    if (cause.code === "ENOENT") throw new Error("git is not there, and releases are made with git apply.", { cause });
    throw new Error(
      `${patch} does not apply to what the repository has now. Make it again:\n${String(cause.stderr).trim()}`,
      {
        cause,
      },
    );
  }
}
