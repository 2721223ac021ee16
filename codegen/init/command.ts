/** `tandem init`: begins a project with a contract, a service that publishes, one that reads, and a test that passes. */
import { readFile, stat, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { hasErrors } from "../diagnostic.ts";
import { generate } from "../generate.ts";
import { print } from "../print.ts";
import { own } from "../spec/json.ts";
import { contractText } from "./contract-text.ts";
import { decideNames, type ProjectNames } from "./names.ts";
import { packageText, PROJECT_TEXTS, TEXTS_UNLESS_THERE } from "./project-texts.ts";
import { serviceTexts } from "./service-texts.ts";
import { takenPaths, writeNew } from "./write-new.ts";

/** What a run of the command takes from its process. */
export interface InitIo {
  /** The directory that paths are relative to. */
  readonly cwd: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

const HELP = `Begins a project: a contract, a service that publishes, one that reads, and a test that passes.

  tandem init [DIR] [options]

  DIR              where (here); made when it is not there
  --service NAME   the service that publishes (parcels)
  --event NAME     what it publishes, as a channel is called (parcelSent)
  --reader NAME    the service that reads it (notices)
  --help           this text

Nothing that is there is overwritten. To a package.json it adds what is missing.

Exit codes: 0 fine; 1 something is in the way, and nothing was written; 2 the command cannot be understood.
`;

/** Runs the command and returns the exit code: 0 fine, 1 something is in the way, 2 bad usage. */
export async function runInit(argv: readonly string[], io: InitIo): Promise<number> {
  const request = readArguments(argv);
  if (request === "help") {
    io.stdout(HELP);
    return 0;
  }
  if (request instanceof Error) return refuse(2, `${request.message}\nSee tandem init --help`, io);
  const asked = await filesOf(request.names);
  if (typeof asked === "string") return refuse(2, asked, io);
  const directory = resolve(io.cwd, request.directory);
  const shown = relative(io.cwd, directory) || ".";
  const conflicts = await conflictsIn(directory, asked, shown);
  const files = new Map([...asked, ...(await unlessThere(directory))]);
  const before = await textOf(directory);
  const manifest = packageText(before, request.names);
  const inTheWay = typeof manifest === "string" ? conflicts : [...conflicts, ...manifest];
  if (inTheWay.length > 0) {
    const lines = inTheWay.map((conflict) => `  ${conflict}`);
    const why = `nothing was written in ${shown}, because of what is there:\n${lines.join("\n")}`;
    return refuse(1, `${why}\nMend that, or name a folder of its own: tandem init DIR`, io);
  }
  try {
    await write(directory, files, String(manifest));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refuse(1, `nothing was written in ${shown}: ${why}`, io);
  }
  io.stdout(nextSteps(shown, files.size + 1, request.names) + ofModules(before));
  return 0;
}

/** Everything but package.json, by path; a sentence when no code can be generated with these names. */
async function filesOf(names: ProjectNames): Promise<ReadonlyMap<string, string> | string> {
  const contract = contractText(names);
  const { files, diagnostics, texts } = await generate("asyncapi.yaml", contract, { command: "npx tandem generate" });
  if (hasErrors(diagnostics)) return `no code can be generated with these names:\n${print(diagnostics, texts, "text")}`;
  const generated = [...files].map(([path, text]) => [`generated/${path}`, text] as const);
  return new Map([["asyncapi.yaml", contract], ...PROJECT_TEXTS, ...serviceTexts(names), ...generated]);
}

/** What stands where something is to be written, a line each. */
async function conflictsIn(
  directory: string,
  files: ReadonlyMap<string, string>,
  shown: string,
): Promise<readonly string[]> {
  const is = await stat(directory).catch(() => undefined);
  if (is !== undefined && !is.isDirectory()) return [`${shown} is a file, not a directory`];
  const taken = await takenPaths(directory, [...files.keys()]);
  return taken.map((path) => `${path} is there already`);
}

/** What is written only where nothing of the name is. */
async function unlessThere(directory: string): Promise<typeof TEXTS_UNLESS_THERE> {
  const taken = await takenPaths(
    directory,
    TEXTS_UNLESS_THERE.map(([path]) => path),
  );
  return TEXTS_UNLESS_THERE.filter(([path]) => !taken.includes(path));
}

async function textOf(directory: string): Promise<string | undefined> {
  return await readFile(join(directory, "package.json"), "utf8").catch(() => undefined);
}

/** package.json comes last: as long as it is as it was, nothing has begun. */
async function write(directory: string, files: ReadonlyMap<string, string>, manifest: string): Promise<void> {
  const isNew = (await textOf(directory)) === undefined;
  if (isNew) return await writeNew(directory, new Map([...files, ["package.json", manifest]]));
  // Before anything is made, it must be possible to finish.
  await writeFile(join(directory, "package.json"), "", { flag: "a" });
  await writeNew(directory, files);
  await writeFile(join(directory, "package.json"), manifest);
}

function nextSteps(shown: string, count: number, { serviceFolder, readerFolder }: ProjectNames): string {
  const quoted = /^[\w./@~-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", String.raw`'\''`)}'`;
  const enter = shown === "." ? [] : [`  cd ${quoted}`];
  return `wrote ${count} files in ${shown}

Next:
${[...enter, "  npm install"].join("\n")}
  npm test           needs a NATS server: NATS_URL, or a nats-server in the PATH
                     and PostgreSQL: DATABASE_URL, or what npm install brought
  npm run types      the compiler says what the contract asks for and nobody wrote

Then read asyncapi.yaml, change it, and run npm run generate.
To run it: NATS_URL and DATABASE_URL, npm run provision, npm run start:${serviceFolder} and npm run start:${readerFolder}
`;
}

/** A word on what became of a package whose files were CommonJS, as they are where nothing else is said. */
function ofModules(before: string | undefined): string {
  if (before === undefined || own(JSON.parse(before), "type") !== undefined) return "";
  return `
package.json says "type": "module" now, and did not before: files of CommonJS in this package need the name .cjs
`;
}

interface Request {
  readonly directory: string;
  readonly names: ProjectNames;
}

/** What is asked for, or the reason why that cannot be told. */
function readArguments(argv: readonly string[]): Request | "help" | Error {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        service: { type: "string", default: "parcels" },
        event: { type: "string", default: "parcelSent" },
        reader: { type: "string", default: "notices" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return "help";
    const [directory = ".", ...more] = positionals;
    if (more.length > 0) return new Error(`one directory at a time: ${more.join(" ")} is too many`);
    if (directory === "") return new Error("DIR is empty: name a directory, or leave it out");
    const { service, event, reader } = values;
    const names = decideNames({ service, event, reader });
    return typeof names === "string" ? new Error(names) : { directory, names };
  } catch (error) {
    // The first sentence says which option; the rest is advice for programmers.
    return new Error(error instanceof Error ? error.message.split(". ")[0] : String(error));
  }
}

function refuse(code: number, why: string, io: InitIo): number {
  io.stderr(`${why}\n`);
  return code;
}
