/** AsyncAPI Studio on this machine: installed by npm once, and kept in the cache as the files that a browser loads. */
import { createHash } from "node:crypto";
import { access, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheDirectory } from "../lab/servers/cache-directory.ts";
import { keepFolder } from "../lab/servers/kept-folder.ts";
import { reasonOf } from "../lab/servers/lab-error.ts";
import type { OnProgress } from "../lab/servers/progress.ts";
import { runCommand } from "../lab/servers/run-command.ts";
import { StudioError } from "./studio-error.ts";

/** The package and its lock. */
const MANIFESTS = ["package.json", "package-lock.json"] as const;
const INSTALLED = new URL("installed/", import.meta.url);

/** Where Studio would load its editor from; the version is the one that `installed/package.json` names. */
const EDITOR_ON_THE_WEB = "https://cdn.jsdelivr.net/npm/monaco-editor@0.43.0/min/vs";

/** Changed with `layOut`, so that what was laid out otherwise is not taken for it. */
const LAYOUT = "2";

/** The page, among the kept files. */
const PAGE = "index.html";

/**
 * Returns the folder with Studio's files, laid out as its page asks for them. The first time it installs Studio,
 * with npm as its user has set it up; afterwards the folder is there. Processes that install at the same time do not
 * disturb each other. Rejects with `StudioError` when npm cannot.
 */
export async function studioFiles(env: NodeJS.ProcessEnv, onProgress: OnProgress): Promise<string> {
  const texts = await Promise.all(MANIFESTS.map((name) => readFile(new URL(name, INSTALLED), "utf8")));
  const root = join(await cacheDirectory(env), "studio");
  const name = createHash("sha256")
    .update([LAYOUT, ...texts].join("\n"))
    .digest("hex")
    .slice(0, 16);
  const check = (folder: string) => access(join(folder, PAGE));
  const kept = join(root, name);
  const isThere = await check(kept).then(
    () => true,
    () => false,
  );
  if (isThere) return kept;

  onProgress("Installing AsyncAPI Studio, once: npm fetches 76 MB, of which 26 MB are kept ...");
  return await keepFolder({
    root,
    check,
    async make(into) {
      const packages = join(into, "packages");
      await install(packages, texts, env);
      await layOut(join(packages, "node_modules"), into);
      await rm(packages, { recursive: true });
      return name;
    },
  });
}

async function install(folder: string, texts: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  await mkdir(folder);
  await Promise.all(MANIFESTS.map((name, index) => writeFile(join(folder, name), texts[index] ?? "")));
  try {
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    await runCommand("npm", ["ci", ...flags], { cwd: folder, env, timeoutMs: 15 * 60_000 });
  } catch (error) {
    throw new StudioError(
      `AsyncAPI Studio could not be installed: ${reasonOf(error)}\n` +
        "The first start needs a package registry, the one that npm is set up for. Without one, look at the contract " +
        "with `npm run docs`, and edit it with an editor: docs/editors.md.",
      { cause: error },
    );
  }
}

async function layOut(modules: string, into: string): Promise<void> {
  const studio = join(modules, "@asyncapi/studio");
  await cp(join(studio, "public"), into, { recursive: true });
  await cp(join(studio, "build/static"), join(into, "_next/static"), { recursive: true });
  await cp(join(modules, "monaco-editor/min/vs"), join(into, "monaco/vs"), { recursive: true });
  await bringEditorHome(join(into, "_next/static/chunks"));
  const page = await readFile(join(studio, "build/server/app/index.html"), "utf8");
  await writeFile(join(into, PAGE), page.replace("<head>", '<head><script src="/tandem/studio.js"></script>'));
}

/** Replaces the editor's address on the web by the one that it has here. */
async function bringEditorHome(chunks: string): Promise<void> {
  let found = 0;
  for (const name of (await readdir(chunks)).filter((file) => file.endsWith(".js"))) {
    const text = await readFile(join(chunks, name), "utf8");
    if (!text.includes(EDITOR_ON_THE_WEB)) continue;
    found += 1;
    await writeFile(join(chunks, name), text.replaceAll(EDITOR_ON_THE_WEB, "/monaco/vs"));
  }
  if (found === 0)
    throw new StudioError("This Studio loads its editor from an address that studio/install.ts does not know.");
}
