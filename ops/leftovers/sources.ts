/** The source files of a repository, and what its subpath imports stand for. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folders that nobody writes in. */
const LEFT_OUT = /^(?:node_modules|dist|build|coverage|testdata|\..*)$/;
const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/;

/**
 * Reads every source file below a folder: its text by its path from there, with forward slashes.
 * @param root Absolute.
 */
export function readSources(root: string): ReadonlyMap<string, string> {
  return new Map(listSources(root, "").map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

function listSources(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder + entry.name;
      if (entry.isDirectory()) return LEFT_OUT.test(entry.name) ? [] : listSources(root, `${path}/`);
      return entry.isFile() && SOURCE.test(entry.name) ? [path] : [];
    });
}

/**
 * The subpath imports that stand for folders of the repository: `"#generated/*": "./generated/*"` of package.json
 * becomes `{ "#generated/": "generated/" }`. Empty where there is no package.json that can be read.
 */
export function readAliases(root: string): Readonly<Record<string, string>> {
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  } catch {
    return {};
  }
  const imports = typeof manifest === "object" && manifest !== null && "imports" in manifest ? manifest.imports : {};
  return Object.fromEntries(
    Object.entries(imports ?? {}).flatMap(([name, target]) => {
      const path = firstPath(target);
      return path !== undefined && name.endsWith("*") && path.endsWith("*")
        ? [[name.slice(0, -1), path.slice(0, -1).replace(/^\.\//, "")]]
        : [];
    }),
  );
}

/** A target may be given by condition. */
function firstPath(target: unknown): string | undefined {
  if (typeof target === "string") return target;
  if (typeof target !== "object" || target === null) return undefined;
  return Object.values(target)
    .map(firstPath)
    .find((path) => path !== undefined);
}
