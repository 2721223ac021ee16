/** Reads the contract and the texts of a repository, and writes the site. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasErrors } from "../codegen/diagnostic.ts";
import { emit } from "../codegen/emit/emit.ts";
import { readModel } from "../codegen/generate.ts";
import { print } from "../codegen/print.ts";
import { sitePages } from "./pages.ts";

/** The contract, or a folder, is not as a site needs it; the message says what to do. */
export class SiteError extends Error {}

const CONTRACT = "asyncapi.yaml";

/** What a site made by us begins with, so that nothing else is ever removed. */
const MARK = ".tandem-site";

/**
 * Writes the site of a repository.
 * @param root The folder with the contract, README.md and docs/.
 * @param out Where the site goes; a site that is there is replaced.
 */
export async function buildSite(root: string, out: string): Promise<{ readonly pages: number }> {
  const text = await readFile(join(root, CONTRACT), "utf8");
  const read = async (path: string): Promise<string | undefined> =>
    existsSync(join(root, path)) ? await readFile(join(root, path), "utf8") : undefined;
  const { model, diagnostics, texts } = await readModel(CONTRACT, text, { read });
  if (model === undefined || hasErrors(diagnostics)) throw new SiteError(print(diagnostics, texts, "text"));
  const { files } = await emit(model);
  const pages = await sitePages({ model, generated: files, texts: textsOf(root) });
  await makeRoom(out);
  for (const [path, content] of pages) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFile(join(out, path), content);
  }
  await copyAssets(join(out, "assets"));
  return { pages: [...pages.keys()].filter((path) => path.endsWith(".html")).length };
}

/** The Markdown files by path: those of the root, and all below docs/. */
function textsOf(root: string): ReadonlyMap<string, string> {
  const ofRoot = readdirSync(root);
  const docs = existsSync(join(root, "docs")) ? readdirSync(join(root, "docs"), { recursive: true }) : [];
  const paths = [...ofRoot, ...docs.map((path) => `docs/${String(path).replaceAll("\\", "/")}`)];
  return new Map(
    paths
      .filter((path) => path.endsWith(".md"))
      .toSorted()
      .map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
}

async function makeRoom(out: string): Promise<void> {
  if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(join(out, MARK))) {
    throw new SiteError(`${out} holds something else than a site. Empty it, or choose another folder with --out.`);
  }
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await writeFile(join(out, MARK), "Written by `npm run docs`, which replaces this folder.\n");
}

/** Our own, and the libraries that draw in the reader's browser. */
async function copyAssets(folder: string): Promise<void> {
  await cp(fileURLToPath(new URL("assets/", import.meta.url)), folder, { recursive: true });
  const { resolve } = createRequire(import.meta.url);
  const component = dirname(resolve("@asyncapi/react-component/package.json"));
  const libraries = {
    "asyncapi-component.js": join(component, "browser/standalone/without-parser.js"),
    "asyncapi-component.css": join(component, "styles/default.min.css"),
    "mermaid.js": resolve("@mermaid-js/tiny"),
  };
  for (const [name, source] of Object.entries(libraries)) await cp(source, join(folder, name));
}
