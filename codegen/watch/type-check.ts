/** The type check of the project that a contract is watched in: its own compiler, as a process. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { loadPackage } from "../kept/load-package.ts";
import { block, type Shown } from "../print.ts";

/** What a check came to. */
export interface Checked {
  /** The faults as text, one after the other; empty when there is none. */
  readonly text: string;
  readonly faults: number;
}

/** A compiler and the project that it checks. */
interface Project {
  readonly compiler: string;
  readonly config: string;
}

/** A line of the compiler: where, which error, what. */
const FAULT = /^(.+?)\((\d+),(\d+)\): (error|warning) (TS\d+): (.*)$/;

/** The project whose tsconfig.json is nearest above the generated files, or the sentence that says why there is none. */
export function findProject(directory: string): Project | string {
  const config = nearest(directory, "tsconfig.json");
  if (config === undefined) return "types are not checked: there is no tsconfig.json in or above the generated files";
  try {
    const load = createRequire(config);
    const manifest = load.resolve("typescript/package.json");
    const { bin } = loadPackage<{ readonly bin: { readonly tsc: string } }>(load, manifest, ["bin"]);
    return { compiler: join(dirname(manifest), bin.tsc), config };
  } catch {
    return `types are not checked: typescript is not installed where ${config} is`;
  }
}

/**
 * Checks a project and prints its faults as those of a contract are printed.
 * @param cwd The directory that shown paths are relative to.
 * @param signal Ends the compiler; the promise then resolves to undefined.
 */
export async function checkTypes(project: Project, cwd: string, signal: AbortSignal): Promise<Checked | undefined> {
  const { code, output } = await run(project, cwd, signal);
  if (signal.aborted) return undefined;
  const faults = faultsIn(output);
  if (faults.length === 0 && code !== 0) return { text: output.trim(), faults: 1 };
  const blocks = faults.map(async (fault) => block(fault, await textOf(resolve(cwd, fault.file))));
  return { text: (await Promise.all(blocks)).join("\n"), faults: faults.length };
}

function run(
  { compiler, config }: Project,
  cwd: string,
  signal: AbortSignal,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number | null; output: string }>();
  const args = [compiler, "-p", config, "--noEmit", "--pretty", "false", ...incremental(config)];
  const child = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const end = () => void child.kill();
  signal.addEventListener("abort", end, { once: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  child.on("error", reject);
  child.on("close", (code) => {
    signal.removeEventListener("abort", end);
    resolve({ code, output });
  });
  return promise;
}

/** What the compiler keeps for its next run goes beside the installed packages, where there are any. */
function incremental(config: string): readonly string[] {
  const packages = nearest(dirname(config), "node_modules");
  if (packages === undefined) return [];
  return ["--incremental", "--tsBuildInfoFile", join(packages, ".cache/tandem/watch.tsbuildinfo")];
}

function faultsIn(output: string): readonly Shown[] {
  const faults: Shown[] = [];
  for (const line of output.split(/\r?\n/)) {
    const fault = FAULT.exec(line);
    const last = faults.at(-1);
    if (fault !== null) {
      const [, file = "", row = "1", column = "1", severity = "error", code = "", message = ""] = fault;
      const start = { line: Number(row), col: Number(column) };
      faults.push({ file, ...start, endLine: start.line, endCol: start.col + 1, severity, code, message, hint: "" });
    } else if (last !== undefined && line.startsWith(" ")) {
      // The compiler goes into detail on lines of their own.
      faults[faults.length - 1] = { ...last, message: `${last.message} ${line.trim()}` };
    }
  }
  return faults;
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}

function nearest(folder: string, name: string): string | undefined {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  return dirname(folder) === folder ? undefined : nearest(dirname(folder), name);
}
