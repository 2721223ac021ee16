/** Stages @tandem/runtime: module for module the JavaScript and the declarations of its TypeScript. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../runtime/package.json" with { type: "json" };
import { stage } from "./manifest.ts";
import { removeFailpoints } from "./remove-failpoints.ts";
import { run } from "./run.ts";

/** @param folder Where the package is laid out; must not exist. */
export async function stageRuntime(root: string, folder: string): Promise<void> {
  // What only tests use is not shipped.
  const entries = Object.entries(manifest.exports).filter(([entry]) => entry !== "./failpoint");
  const exports = Object.fromEntries(entries.map(([entry, file]) => [entry, built(file)]));
  const { peerDependencies, peerDependenciesMeta } = manifest;
  const fields = {
    exports: { ...exports, "./package.json": "./package.json" },
    peerDependencies,
    peerDependenciesMeta,
  };
  stage(root, "runtime", folder, manifest, fields);

  const workspace = join(root, "runtime");
  const project = join(folder, "tsconfig.json");
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: {
      noEmit: false,
      noEmitOnError: true,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      rootDir: workspace,
      outDir: join(folder, "dist"),
      typeRoots: [join(root, "node_modules/@types")],
    },
    // Only what an entry reaches is compiled, so neither a test nor a dead file is shipped.
    files: entries.map(([, file]) => join(workspace, file)),
    include: [],
  };
  writeFileSync(project, JSON.stringify(config));
  await run(join(root, "node_modules/.bin/tsc"), ["-p", project], root);
  rmSync(project);
  removeFailpoints(join(folder, "dist"));
}

/** Where an entry, for example `./index.ts`, is found in the package. */
function built(file: string): { types: string; default: string } {
  const path = `./dist/${file.replace(/^\.\//, "").replace(/\.ts$/, "")}`;
  return { types: `${path}.d.ts`, default: `${path}.js` };
}
