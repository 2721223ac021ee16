/**
 * The one place that loads Modelina, late and as one file. Its hundreds of modules take longer to load than everything
 * else takes to run; bundled they take a twentieth. Packing the tool bundles it for good; here, where the tool runs
 * from its sources, the first run that needs it does, and keeps the bundle.
 */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { exportsAll, loadPackage } from "../../kept/load-package.ts";
import { findModule, keepModule } from "../../kept/tool-folder.ts";

export type Modelina = typeof import("@asyncapi/modelina");

/** Modelina reads seven kinds of document, and is only ever given meta models: those that read decline. */
const READERS =
  /modelina[/\\]lib[/\\]esm[/\\]processors[/\\]((?:AsyncAPI|Avro|OpenAPI|Swagger|TypeScript|Xsd)\w*)\.js$/;

/** What is used of it: the rest is left out of the bundle. */
const USED = [
  ...["InputMetaModel", "TypeScriptGenerator", "constrainMetaModel"],
  ...["AnyModel", "ArrayModel", "BooleanModel", "DictionaryModel", "EnumModel", "EnumValueModel", "FloatModel"],
  ...["ObjectModel", "ObjectPropertyModel", "ReferenceModel", "StringModel", "TupleModel", "TupleValueModel"],
  ...["UnionModel", "ConstrainedDictionaryModel", "ConstrainedEnumModel", "ConstrainedReferenceModel"],
  "ConstrainedUnionModel",
] as const satisfies readonly (keyof Modelina)[];

/** The part of Modelina that types are written with. */
export type UsedModelina = Pick<Modelina, (typeof USED)[number]>;

/** Not `import`, which packing would follow: a packed tool has Modelina in its own bundle, and no bundler. */
const load = createRequire(import.meta.url);

let loaded: Promise<UsedModelina> | undefined;

/** Loads Modelina: from its bundle, or where none can be made, as it is installed. */
export function loadModelina(): Promise<UsedModelina> {
  loaded ??= loadOnce();
  return loaded;
}

async function loadOnce(): Promise<UsedModelina> {
  try {
    const path = import.meta.filename.endsWith(".ts") ? await bundlePath() : undefined;
    const bundled: unknown = path === undefined ? undefined : load(path);
    if (exportsAll<UsedModelina>(bundled, USED)) return bundled;
  } catch {
    // No bundler, or a bundle that another process has just replaced.
  }
  return await import("@asyncapi/modelina");
}

const MANIFEST = "@asyncapi/modelina/package.json";

interface Versioned {
  readonly version: string;
}

async function bundlePath(): Promise<string | undefined> {
  const { version } = loadPackage<Versioned>(load, MANIFEST, ["version"]);
  const module = { purpose: "modelina", madeFrom: JSON.stringify([version, USED]), extension: ".cjs" };
  return findModule(module) ?? keepModule(module, await bundle(dirname(load.resolve(MANIFEST))));
}

async function bundle(folder: string): Promise<string> {
  const { build } = loadPackage<typeof import("esbuild")>(load, "esbuild", ["build"]);
  const { outputFiles } = await build({
    stdin: { contents: `export { ${USED.join(", ")} } from "@asyncapi/modelina";`, resolveDir: folder },
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    // Its ES modules leave out what is never called; its CommonJS form cannot.
    mainFields: ["module", "main"],
    logLevel: "silent",
    plugins: [
      {
        name: "without-readers",
        setup({ onLoad }) {
          onLoad({ filter: READERS }, ({ path }) => ({
            contents: `export class ${READERS.exec(path)?.[1] ?? ""} { shouldProcess() { return false; } }`,
          }));
        },
      },
    ],
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error("the bundler wrote nothing");
  return output.text;
}
