/** Stages @tandem/cli: the whole command line in one bundle, with Modelina inside and its unused inputs left out. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import manifest from "../codegen/package.json" with { type: "json" };
import { stage } from "./manifest.ts";
import { notices } from "./notices.ts";

/**
 * Modelina reads seven kinds of document, and is only ever given JSON Schema. The readers of the others, and
 * with them an XML parser, a second AsyncAPI parser and a TypeScript, are replaced by ones that decline.
 */
const withoutUnusedInputs: Plugin = {
  name: "without-unused-inputs",
  setup({ onLoad }) {
    const unused =
      /modelina[/\\]lib[/\\]esm[/\\]processors[/\\]((?:AsyncAPI|Avro|OpenAPI|Swagger|TypeScript|Xsd)\w*)\.js$/;
    onLoad({ filter: unused }, ({ path }) => {
      const name = unused.exec(path)?.[1] ?? "";
      return { contents: `export class ${name} { shouldProcess() { return false; } }` };
    });
  },
};

/** Brings a compiler along, and two commands need it: whoever wants them installs it. */
const PARSER_OF_CODE = "ts-morph";

/**
 * Modelina is bundled and not a dependency, because it would bring an installer several hundred megabytes,
 * another TypeScript and an old Ajv among them. What package.json lists as a dependency stays outside.
 * @param folder Where the package is laid out; must not exist.
 */
export async function stageCli(root: string, folder: string): Promise<void> {
  const listed = [...Object.keys(manifest.dependencies), PARSER_OF_CODE];
  stage(root, "codegen", folder, manifest, {
    bin: { tandem: "./bin/tandem.mjs" },
    peerDependencies: { [PARSER_OF_CODE]: `^${manifest.devDependencies[PARSER_OF_CODE]}` },
    peerDependenciesMeta: { [PARSER_OF_CODE]: { optional: true } },
  });
  mkdirSync(join(folder, "bin"));
  copyFileSync(join(root, "packaging/tandem.mjs"), join(folder, "bin/tandem.mjs"));
  // For editors: the first line of a contract names it.
  copyFileSync(join(root, "codegen/asyncapi.schema.json"), join(folder, "asyncapi.schema.json"));

  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: { main: join(root, "ops/main.ts") },
    outdir: join(folder, "dist"),
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node22",
    // Modelina's ES modules leave out what is never called; its CommonJS form cannot.
    mainFields: ["module", "main"],
    external: listed,
    // Each module of ours that can run alone would take the bundle for itself.
    define: { "import.meta.main": "false" },
    plugins: [withoutUnusedInputs],
    // What was CommonJS before it was bundled still calls require for Node's own modules.
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    metafile: true,
    logLevel: "silent",
  });
  refuseUnlisted(metafile, listed);
  writeFileSync(join(folder, "THIRD-PARTY.md"), notices(root, Object.keys(metafile.inputs)));
}

function refuseUnlisted(metafile: Metafile, listed: readonly string[]): void {
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const unlisted = imports
    .filter(({ path, external }) => external && !isBuiltin(path) && !listed.some((name) => isOf(path, name)))
    .map(({ path }) => path);
  if (unlisted.length > 0) throw new Error(`codegen/package.json does not list ${[...new Set(unlisted)].join(", ")}.`);
}

function isOf(path: string, name: string): boolean {
  return path === name || path.startsWith(`${name}/`);
}
