/** Finds the document of an npm package that is installed: the contract of another team, as it is published. */
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { isFile, kindOf } from "../command/path-kind.ts";
import { own } from "../spec/json.ts";

/** The document's names in a package, where its manifest does not say another as `main`. */
const DOCUMENTS = ["asyncapi.yaml", "asyncapi.yml", "asyncapi.json"];
const IS_DATA = /\.(ya?ml|json)$/i;
/** The name of a package, the version behind it, and a path in it. */
const SPECIFIER = /^((?:@[\w.~-]+\/)?[a-z0-9~_-][\w.~-]*)(?:@([^/]+))?(?:\/(.+))?$/i;

/** What a name leads to. */
export type FoundPackage =
  /** `file` is relative to the directory that was asked from. `label` names package and version, and the file that was asked for. */
  | { readonly kind: "found"; readonly file: string; readonly label: string }
  /** It is installed and has no such document, or its version was asked for. `why` is a sentence that says what to do. */
  | { readonly kind: "refused"; readonly why: string }
  /** Nothing of the name is installed. `looked` says where it would be; undefined when the name cannot be a package's. */
  | { readonly kind: "absent"; readonly looked: string | undefined };

/**
 * Finds the document of a package in `node_modules` of the directory, or of the nearest folder above that has the
 * package: `@acme/orders-contract`, or a file in it, `@acme/orders-contract/other.yaml`. The folder of the package
 * itself, with a path that begins with a dot or leads through `node_modules`, is taken too.
 */
export async function findPackage(directory: string, asked: string): Promise<FoundPackage> {
  const isPath = /^\.|^\/|(^|\/)node_modules\//.test(asked);
  if (isPath) {
    const folder = resolve(directory, asked);
    return (await kindOf(folder)) === "directory"
      ? await documentIn(directory, folder, asked)
      : { kind: "absent", looked: undefined };
  }
  const [, name, version, inside] = SPECIFIER.exec(asked) ?? [];
  if (name === undefined) return { kind: "absent", looked: undefined };
  const folder = await installed(directory, name);
  if (folder === undefined) {
    // A file's name and a branch's can have the form of a package's; then nobody meant one.
    const isMeant = name.startsWith("@") || (inside === undefined ? !IS_DATA.test(name) : IS_DATA.test(inside));
    return { kind: "absent", looked: isMeant ? `node_modules/${name}` : undefined };
  }
  const has = await versionIn(folder);
  if (version !== undefined && has !== version) return { kind: "refused", why: otherVersion(name, version, has) };
  return await documentIn(directory, folder, name, inside);
}

async function documentIn(directory: string, folder: string, called: string, inside?: string): Promise<FoundPackage> {
  const manifest = await manifestIn(folder);
  const main = own(manifest, "main");
  const usual = typeof main === "string" && IS_DATA.test(main) ? [main, ...DOCUMENTS] : DOCUMENTS;
  const names = inside === undefined ? usual : [inside];
  const version = own(manifest, "version");
  const release = typeof version === "string" ? ` ${version}` : "";
  for (const name of names) {
    const path = join(folder, name);
    if (!(await isFile(path))) continue;
    const label = `${called}${inside === undefined ? "" : `/${inside}`}${release}`;
    return { kind: "found", file: shownFrom(directory, path), label };
  }
  const others = (await readdir(folder)).filter((name) => IS_DATA.test(name) && name !== "package.json");
  const has = others.length === 0 ? "no file that could be one" : others.join(", ");
  const where = shownFrom(directory, folder);
  return {
    kind: "refused",
    why: `${called}${release} has no ${names.join(", no ")} in ${where}; it has ${has}. Name the file in it: ${called}/FILE`,
  };
}

function otherVersion(name: string, asked: string, has: string | undefined): string {
  return (
    `${name} ${asked} is not what is installed: that is ${has ?? "one without a version"}. Only what is installed is ` +
    `compared: npm install --no-save ${name}@${asked}, then name it without the version.`
  );
}

/** The folder of the package, in the nearest `node_modules`. */
async function installed(directory: string, name: string): Promise<string | undefined> {
  for (let at = resolve(directory); ; at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    if ((await kindOf(folder)) === "directory") return folder;
    if (at === dirname(at)) return undefined;
  }
}

async function manifestIn(folder: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  } catch {
    return undefined;
  }
}

async function versionIn(folder: string): Promise<string | undefined> {
  const version = own(await manifestIn(folder), "version");
  return typeof version === "string" ? version : undefined;
}

function shownFrom(directory: string, path: string): string {
  return relative(directory, path).replaceAll(sep, "/");
}
