/** The package.json of a staged package, and what stands beside it. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What packing takes from a workspace's package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The oldest Node that runs what the tool generates and what the packages hold. */
const ENGINES = { node: ">=22.18" };

/**
 * Lays out a package without its code: package.json, README, licence.
 * @param folder Where; must not exist.
 * @param fields What its package.json says besides: entries, commands.
 */
export function stage(
  root: string,
  workspace: string,
  folder: string,
  manifest: Manifest,
  fields: Readonly<Record<string, unknown>>,
): void {
  const { name, version, description, license, dependencies } = manifest;
  const published = { name, version, description, license, type: "module", engines: ENGINES, ...fields, dependencies };
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  copyFileSync(join(root, workspace, "README.md"), join(folder, "README.md"));
}
