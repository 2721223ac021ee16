/** Finds the imports that go against the one direction of an architecture, which is given as data. */
import { matchesGlob, posix } from "node:path";
import { type ImportSite, ImportReader } from "./imports.ts";

/** What code of one folder may import besides itself. */
export interface Layer {
  /** From the root. `*` stands for one name, and each folder that it matches is a layer of its own. */
  readonly folder: string;
  /** Folders and packages of ours. */
  readonly mayImport: readonly Reach[] | "anything";
  /** What to do instead, in one sentence. */
  readonly hint: string;
}

/**
 * A folder with everything in it, or one entry of a package of ours (`@ours/name/entry` is not part of
 * `@ours/name`); or one that is open to some files or to types only.
 */
export type Reach = string | { readonly to: string; readonly from?: string; readonly typesOnly?: true };

/** A library that one part of the tree keeps to itself. */
export interface KeptLibrary {
  /** Package names, as globs. */
  readonly library: string;
  /** Files that may import it, as a glob. */
  readonly by: string;
  /** Further files that may import its types. */
  readonly typesBy?: string;
  readonly hint: string;
}

/** An architecture: who may import what. */
export interface LayerTable {
  readonly layers: readonly Layer[];
  readonly kept: readonly KeptLibrary[];
  /** The scope of our own packages, with its slash. */
  readonly scope: string;
  /** What the subpath imports of package.json stand for, by prefix. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Test files, as a glob: they may use every library, and what `testsMayImport` names. */
  readonly tests: string;
  readonly testsMayImport: readonly string[];
  /** Files that load modules whose place is data to them, such as a user's generated code. */
  readonly loaders?: readonly string[];
}

/** One import in the wrong direction, or one whose direction cannot be read. */
export interface LayerBreak extends ImportSite {
  /** From the root, with forward slashes. */
  readonly file: string;
  readonly message: string;
  readonly hint: string;
}

/**
 * Checks every import of every file against the table.
 * @param files Text by path from the root, with forward slashes.
 */
export function findLayerBreaks(files: ReadonlyMap<string, string>, table: LayerTable): LayerBreak[] {
  const reader = new ImportReader();
  const breaks: LayerBreak[] = [];
  for (const [file, text] of files) {
    for (const site of reader.read(text)) {
      const fault = judge(file, site, table);
      if (fault) breaks.push({ file, ...site, ...fault });
    }
  }
  return breaks;
}

interface Fault {
  readonly message: string;
  readonly hint: string;
}

function judge(file: string, site: ImportSite, table: LayerTable): Fault | undefined {
  const here = layerOf(file, table);
  if (!here)
    return { message: `No layer holds ${file}.`, hint: "Say in the table of layers what its folder may import." };
  if (here.layer.mayImport === "anything") return undefined;
  const test = matchesGlob(file, table.tests);
  if (site.specifier === undefined) {
    if (test || table.loaders?.includes(file)) return undefined;
    return {
      message: "The module of this import() is computed, so its layer cannot be read.",
      hint: "Name it in a literal.",
    };
  }

  const target = ours(file, site.specifier, table);
  if (target === undefined) return test ? undefined : judgeLibrary(file, site, site.specifier, table);
  if (isWithin(target, here.folder)) return undefined;
  if (test && table.testsMayImport.some((folder) => isWithin(target, folder))) return undefined;
  const reaches = here.layer.mayImport.map((reach) => (typeof reach === "string" ? { to: reach } : reach));
  const reach = reaches.find(
    ({ to, from }) =>
      (to.startsWith(table.scope) ? target === to : isWithin(target, to)) && (!from || matchesGlob(file, from)),
  );
  if (!reach) return { message: `${here.folder} may not import ${target}.`, hint: here.layer.hint };
  if (reach.typesOnly && !site.typesOnly) {
    return { message: `${here.folder} may import only types of ${reach.to}.`, hint: "Write `import type`." };
  }
  return undefined;
}

function judgeLibrary(file: string, site: ImportSite, specifier: string, table: LayerTable): Fault | undefined {
  const kept = table.kept.find(({ library }) => matchesGlob(packageName(specifier), library));
  if (!kept || matchesGlob(file, kept.by)) return undefined;
  if (site.typesOnly && kept.typesBy && matchesGlob(file, kept.typesBy)) return undefined;
  return { message: `${specifier} is imported outside ${kept.by}.`, hint: kept.hint };
}

/** The deepest layer that holds the file, with its `*` filled in. */
function layerOf(file: string, table: LayerTable): { layer: Layer; folder: string } | undefined {
  const parts = file.split("/").slice(0, -1);
  for (let depth = parts.length; depth >= 0; depth--) {
    const folder = parts.slice(0, depth).join("/") || ".";
    // A folder above a layer is none: a file beside the services belongs to nobody.
    const layer = table.layers.find((candidate) => matchesGlob(folder, candidate.folder));
    if (layer && (folder !== "." || parts.length === 0)) return { layer, folder };
  }
  return undefined;
}

/** What an import names of ours: a path from the root, or one of our packages; undefined for a library or a built-in. */
function ours(file: string, specifier: string, table: LayerTable): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(file), specifier);
  if (specifier.startsWith(table.scope)) return specifier;
  const alias = Object.keys(table.aliases).find((prefix) => specifier.startsWith(prefix));
  return alias === undefined ? undefined : posix.join(table.aliases[alias] ?? "", specifier.slice(alias.length));
}

function isWithin(target: string, folder: string): boolean {
  return target === folder || target.startsWith(`${folder}/`);
}

function packageName(specifier: string): string {
  return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
