/** The official release archive, pinned. */
import { join } from "node:path";
import { download } from "./download.ts";
import { installInCache } from "./nats-cache-install.ts";
import type { NatsSource } from "./nats-binary-source.ts";
import { runCommand } from "./run-command.ts";

/** The release that is fetched. To move to another, take the four sums from its `SHA256SUMS`. */
const VERSION = "2.15.0";

/** The SHA-256 of each archive, as the release's own `SHA256SUMS` lists it. */
const ARCHIVES: Readonly<Record<string, string>> = {
  "darwin-amd64": "5bd8b59ca5bf93fab3da2c5843cf564cd6e2e291e22ae3b861746e7ebe259b95",
  "darwin-arm64": "e1c4e22d70bd44abfa0bcb3c16f7cf0c66f648c2e728c58924e8a1ce88913cc8",
  "linux-amd64": "5d2c51caca950333aba84911df7d377f826f3a59ec36061c6539105084f65c92",
  "linux-arm64": "cdc208f5a3f42963a52b6ab06ef65626bb870315dc936e26ba571780c6351112",
};

/** Name and checksum of the archive for a platform and processor as Node names them; undefined when there is none. */
export function archiveFor(
  platform: string,
  arch: string,
): { readonly name: string; readonly sha256: string } | undefined {
  const target = `${platform}-${arch === "x64" ? "amd64" : arch}`;
  const sha256 = ARCHIVES[target];
  return sha256 === undefined ? undefined : { name: `nats-server-v${VERSION}-${target}`, sha256 };
}

/** The archive of the pinned release, from the project's release page. */
export const releaseArchive: NatsSource = {
  name: "release archive",
  timeoutMs: 60_000,
  async find({ env, onProgress, signal }) {
    const archive = archiveFor(process.platform, process.arch);
    if (archive === undefined) throw new Error(`none is pinned for ${process.platform} on ${process.arch}`);
    onProgress(`fetching nats-server ${VERSION} from its release page`);
    return installInCache(env, async (into) => {
      const file = join(into, `${archive.name}.tar.gz`);
      const url = `https://github.com/nats-io/nats-server/releases/download/v${VERSION}/${archive.name}.tar.gz`;
      await download({ url, file, sha256: archive.sha256, answerMs: 4_000, env, signal });
      const program = join(archive.name, "nats-server");
      await runCommand("tar", ["-xzf", file, "-C", into, program], { signal });
      return join(into, program);
    });
  },
};
