/** Builds and packs the two packages. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stageCli } from "./cli-package.ts";
import { run } from "./run.ts";
import { stageRuntime } from "./runtime-package.ts";

/** One tarball. Sizes in bytes. */
export interface Packed {
  readonly name: string;
  /** The tarball's path. */
  readonly file: string;
  readonly size: number;
  readonly unpackedSize: number;
  /** Paths inside the package. */
  readonly files: readonly string[];
}

/**
 * Stages both packages, because their sources are TypeScript that Node does not strip below node_modules,
 * and packs them with npm.
 * @param root The repository.
 * @param destination The folder that the tarballs are written to.
 */
export async function packAll(root: string, destination: string): Promise<{ runtime: Packed; cli: Packed }> {
  await mkdir(destination, { recursive: true });
  const staging = await mkdtemp(join(tmpdir(), "tandem-pack-"));
  try {
    await stageRuntime(root, join(staging, "runtime"));
    const runtime = await pack(join(staging, "runtime"), destination);
    await stageCli(root, join(staging, "cli"));
    const cli = await pack(join(staging, "cli"), destination);
    return { runtime, cli };
  } finally {
    await rm(staging, { recursive: true });
  }
}

async function pack(folder: string, destination: string): Promise<Packed> {
  const printed: unknown = JSON.parse(await run("npm", ["pack", "--json", "--pack-destination", destination], folder));
  const report: unknown = Array.isArray(printed) ? printed[0] : undefined;
  if (!isReport(report)) throw new Error(`npm pack did not say what it packed in ${folder}.`);
  const { name, filename, size, unpackedSize, files } = report;
  return { name, file: join(destination, filename), size, unpackedSize, files: files.map(({ path }) => path) };
}

/** What `npm pack --json` says of a tarball. */
interface Report {
  readonly name: string;
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

function isReport(value: unknown): value is Report {
  return (
    typeof value === "object" && value !== null && "filename" in value && "files" in value && Array.isArray(value.files)
  );
}
