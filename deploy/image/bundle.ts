/** Bundles what an image runs: one module, and for the command line one more for each part that is loaded late. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";
import type { Target } from "./targets.ts";

/** Commands that read or write a contract, and what stands in their place in an image, which has none. */
const WITHOUT_CONTRACT: readonly { readonly file: RegExp; readonly contents: string }[] = [
  { file: /[/\\]codegen[/\\]main\.ts$/, contents: "export { refuse as run };" },
  { file: /[/\\]codegen[/\\]init[/\\]command\.ts$/, contents: "export { refuse as runInit };" },
  { file: /[/\\]ops[/\\]evolve[/\\]command\.ts$/, contents: "export const evolveCommand = absent('evolve');" },
  { file: /[/\\]ops[/\\]leftovers[/\\]command\.ts$/, contents: "export const leftoversCommand = absent('leftovers');" },
];

const ABSENCE = `
const sentence = "This image operates a system; what reads or writes a contract runs where the contract is edited.";
async function refuse() { console.error(sentence); return 1; }
function absent(name) { return { name, summary: "not in this image", help: sentence, run: refuse }; }
`;

/** Keeps the generator, and with it some hundred packages, out of the bundle. */
const withoutContract: Plugin = {
  name: "without-contract",
  setup({ onLoad }) {
    for (const { file, contents } of WITHOUT_CONTRACT) {
      onLoad({ filter: file }, () => ({ contents: ABSENCE + contents, loader: "js" }));
    }
  },
};

/**
 * Writes the bundle of a target below a folder, at its place in the repository, and answers the files that went into it,
 * from the root.
 * @throws when something of a failpoint is left: a variable of the environment must not be able to kill a service
 */
export async function bundle(root: string, { entry }: Target, folder: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { main: join(root, entry) },
    outdir: join(folder, dirname(entry)),
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: entry.startsWith("ops/"),
    platform: "node",
    format: "esm",
    target: "node24",
    minify: true,
    // A stack still tells in which function something happened, and an error of which class it is.
    keepNames: true,
    legalComments: "none",
    dropLabels: ["FAILPOINT"],
    // Each module of ours that can run alone would take the bundle for itself.
    define: { "import.meta.main": "false" },
    plugins: [withoutContract],
    // What was CommonJS before it was bundled still calls require for Node's own modules.
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    metafile: true,
    logLevel: "silent",
  });
  const files = Object.keys(metafile.outputs).map((path) => join(root, path));
  if (files.some((file) => /failpoint/i.test(readFileSync(file, "utf8")))) {
    throw new Error(`The bundle of ${entry} still has something of a failpoint.`);
  }
  return Object.keys(metafile.inputs);
}
