/** Lays out the files of the images, each as one tree that is copied into its image at once. */
import { chmodSync, cpSync, lutimesSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { notices } from "../../packaging/notices.ts";
import { bundle } from "./bundle.ts";
import { billOfMaterials, type LockedPackages } from "./sbom.ts";
import { stripElf } from "./strip-elf.ts";
import { stageSystem, type SystemPackage } from "./system-files.ts";
import { TARGETS, type Target } from "./targets.ts";

export interface StageOptions {
  /** The repository, with its packages installed. */
  readonly root: string;
  /** Where the trees go; must not exist. */
  readonly out: string;
  /** The program that runs the images. */
  readonly node: { readonly file: string; readonly version: string };
  /** Of the images. */
  readonly version: string;
  /** When every file was changed last, seconds since 1970: without one date an image differs at each build. */
  readonly epoch: number;
}

/** What lies beside the schemas of events and is in the bundle: types, validators, and the schemas of the HTTP door. */
const BUNDLED = /\.(?:ts|js)$|[/\\]schemas[/\\]json[/\\]http$/;

/** Stages `base`, which all images share, one tree for each image, and `empty`, a folder with nothing in it. */
export async function stageImages(options: StageOptions): Promise<void> {
  const { root, out, node, epoch } = options;
  const system = stageBase(root, join(out, "base"), node.file);
  // A volume has the owner of the folder that it is mounted over, so that folder is made in the image.
  mkdirSync(join(out, "empty"));
  for (const target of TARGETS) await stageTarget(target, system, options);
  settle(out, new Date(epoch * 1_000));
}

function stageBase(root: string, folder: string, program: string): readonly SystemPackage[] {
  const system = stageSystem(folder);
  mkdirSync(join(folder, "nodejs/bin"), { recursive: true });
  const file = join(folder, "nodejs/bin/node");
  writeFileSync(file, stripElf(readFileSync(program)));
  mkdirSync(join(folder, "app"));
  cpSync(join(root, "deploy/image/health.mjs"), join(folder, "app/health.mjs"));
  cpSync(join(root, "LICENSE"), join(folder, "app/LICENSE"));
  return system;
}

async function stageTarget(
  target: Target,
  system: readonly SystemPackage[],
  { root, out, node, version }: StageOptions,
): Promise<void> {
  const folder = join(out, target.name);
  const app = join(folder, "app");
  const inputs = await bundle(root, target, app);
  for (const file of target.files) {
    const to = join(app, file);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(root, file), to, { recursive: true, filter: (path) => !BUNDLED.test(path) });
  }
  const bill = {
    image: { name: `tandem-${target.name}`, version },
    node: node.version,
    system,
    inputs,
    locked: lockOf(root),
  };
  writeFileSync(join(app, "sbom.cdx.json"), billOfMaterials(bill));
  writeFileSync(join(app, "THIRD-PARTY.md"), notices(root, inputs));
}

function lockOf(root: string): LockedPackages {
  const lock: unknown = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  if (typeof lock === "object" && lock !== null && "packages" in lock) {
    // npm wrote it, and what is needed of it is asked for by name.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return lock.packages as LockedPackages;
  }
  throw new Error("package-lock.json has no list of packages.");
}

/** What is run or loaded, and not only read. */
const RUN = /\/bin\/node$|\/ld-linux[^/]*$/;

/** Gives every file one date and one mode, whatever this machine gave it; what is deepest first, or it would change again. */
function settle(folder: string, date: Date): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) settle(path, date);
    else {
      chmodSync(path, RUN.test(path) ? 0o755 : 0o644);
      lutimesSync(path, date, date);
    }
  }
  chmodSync(folder, 0o755);
  lutimesSync(folder, date, date);
}
