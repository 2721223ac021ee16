#!/usr/bin/env node
/** The command line of the code generator. Only this file reads arguments, writes to the terminal, and exits. */
import { realpathSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Comparison } from "./check/drift.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Question } from "./kept/kept-results.ts";
import { keepCompiledCode } from "./kept/tool-folder.ts";
import { type Format, FORMATS } from "./print.ts";

/** Everything that a run takes from its process. */
export interface Io {
  /** The directory that paths are relative to. */
  readonly cwd: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** How the reader of a message calls this program, without and with arguments. Default: `npm run codegen`. */
  readonly command?: Command;
}

/** The words that stand before the arguments. */
export interface Command {
  /** When there are no arguments. */
  readonly alone: string;
  readonly withArguments: string;
}

const NPM_SCRIPT: Command = { alone: "npm run codegen", withArguments: "npm run codegen --" };

const DEFAULT_FILE = "asyncapi.yaml";
const DEFAULT_OUT = "generated";

const help = ({ withArguments }: Command) => `Generates TypeScript from an AsyncAPI document.

  ${withArguments} [FILE] [options]
  ${withArguments} diff --help     compares the contract with an earlier one

  FILE             the contract (${DEFAULT_FILE})
  --out DIR        where the code goes (${DEFAULT_OUT})
  --check          write nothing; fail when the code on the disk is not what the contract generates
  --strict         what AsyncAPI allows and nobody means is an error also in a document without x-tandem
  --format FORMAT  how faults are printed: text, json, or github for annotations (text)
  --help           this text

Exit codes: 0 fine; 1 the contract has errors, or --check found a difference; 2 the command cannot be understood.
`;

/** What the arguments ask for. */
interface Request {
  readonly file: string;
  readonly out: string;
  readonly check: boolean;
  readonly strict: boolean;
  readonly format: Format;
}

/** Runs the command line and returns the exit code: 0 fine, 1 a bad contract or drift, 2 bad usage. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  keepCompiledCode();
  if (argv[0] === "diff") {
    const { runDiff } = await import("./diff/command.ts");
    return await runDiff(argv.slice(1), { ...io, command: `${commandOf(io).withArguments} diff` });
  }
  const request = readArguments(argv);
  if (request === "help") {
    io.stdout(help(commandOf(io)));
    return 0;
  }
  if (request instanceof Error) return refuse(request.message, io);
  const text = await readContractFile(resolve(io.cwd, request.file));
  if (text === undefined) {
    return refuse(
      `cannot read ${request.file}: there is no such file. Name the contract: ${commandOf(io).withArguments} FILE`,
      io,
    );
  }
  const directory = resolve(io.cwd, request.out);
  if (await isFile(directory)) return refuse(`cannot write to ${request.out}: it is a file, not a directory`, io);
  return await generateInto(directory, text, request, io);
}

async function generateInto(directory: string, text: string, request: Request, io: Io): Promise<number> {
  const { strict } = request;
  const question = {
    contract: resolve(io.cwd, request.file),
    directory,
    options: { strict, ...commandOf(io), file: request.file },
  };
  if (await isDoneAlready(question, request, io)) return 0;
  const looked = new Map<string, string | undefined>([[request.file, text]]);
  const [{ generate }, { compare, driftDiagnostics, foreignDiagnostics }, { readOutput, writeOutput }, { hasErrors }] =
    await Promise.all([
      import("./generate.ts"),
      import("./check/drift.ts"),
      import("./check/output.ts"),
      import("./diagnostic.ts"),
    ]);
  const { files, diagnostics, texts } = await generate(request.file, text, {
    command: commandOf(io).alone,
    strict: request.strict,
    read: async (path) => {
      const other = await readContractFile(resolve(io.cwd, path));
      looked.set(path, other);
      return other;
    },
  });
  if (hasErrors(diagnostics)) {
    await show(diagnostics, texts, request, io);
    return 1;
  }
  const comparison = compare(files, await readOutput(directory));
  if (comparison.foreign.length > 0) {
    await show([...diagnostics, ...foreignDiagnostics(comparison, request.out)], texts, request, io);
    return 1;
  }
  if (request.check && comparison.drift.length > 0) {
    const mend = mendingCommand(request, io);
    const machine = request.format !== "text";
    await show(
      machine ? [...diagnostics, ...driftDiagnostics(comparison, request.out, mend)] : diagnostics,
      texts,
      request,
      io,
    );
    if (!machine) io.stderr(driftText(comparison, request, io));
    return 1;
  }
  if (!request.check) await writeOutput(directory, files, comparison.drift);
  await keepResult(question, looked, files, diagnostics);
  await show(diagnostics, texts, request, io);
  if (request.format === "text") io.stdout(summary(files.size, comparison, request));
  return 0;
}

/** Whether nothing is to be done, because everything is what it was; then it says what there is to say. */
async function isDoneAlready(question: Question, request: Request, io: Io): Promise<boolean> {
  const { findKept, isUnchanged } = await import("./kept/kept-results.ts");
  const kept = await findKept(question, (path) => readContractFile(resolve(io.cwd, path)));
  if (kept === undefined) return false;
  const [{ compare }, { readOutput }] = await Promise.all([import("./check/drift.ts"), import("./check/output.ts")]);
  const { outputs, diagnostics } = kept.result;
  const present = await readOutput(question.directory);
  if (!isUnchanged(kept.result, present)) return false;
  const expected = new Map([...present].filter(([path]) => Object.hasOwn(outputs, path)));
  const comparison = compare(expected, present);
  if (comparison.drift.length > 0) return false;
  await show(diagnostics, kept.texts, request, io);
  if (request.format === "text") io.stdout(summary(expected.size, comparison, request));
  return true;
}

async function keepResult(
  question: Question,
  looked: ReadonlyMap<string, string | undefined>,
  files: ReadonlyMap<string, string>,
  diagnostics: readonly Diagnostic[],
): Promise<void> {
  const [{ keep }, { digest }] = await Promise.all([import("./kept/kept-results.ts"), import("./kept/fingerprint.ts")]);
  const inputs = [...looked].map(([path, text]) => [path, text === undefined ? null : digest(text)] as const);
  const outputs = [...files].map(([path, text]) => [path, digest(text)] as const);
  await keep(question, { inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(outputs), diagnostics });
}

/** What is asked for, or the reason why that cannot be told. */
function readArguments(argv: readonly string[]): Request | "help" | Error {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        out: { type: "string", default: DEFAULT_OUT },
        check: { type: "boolean", default: false },
        strict: { type: "boolean", default: false },
        format: { type: "string", default: "text" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return "help";
    const [file = DEFAULT_FILE, ...more] = positionals[0] === "generate" ? positionals.slice(1) : positionals;
    if (more.length > 0) return new Error(`one contract at a time: ${more.join(" ")} is too many`);
    const format = FORMATS.find((known) => known === values.format);
    if (format === undefined) return new Error(`--format is one of ${FORMATS.join(", ")}, not ${values.format}`);
    if (values.out === "") return new Error("--out needs a directory");
    return { file, out: values.out, check: values.check, strict: values.strict, format };
  } catch (error) {
    // The first sentence says which option; the rest is advice for programmers.
    return new Error(error instanceof Error ? error.message.split(". ")[0] : String(error));
  }
}

function refuse(why: string, io: Io): number {
  io.stderr(`${why}\nSee ${commandOf(io).withArguments} --help\n`);
  return 2;
}

/** Faults for people go to stderr; what programs read goes to stdout, also when there is none. */
async function show(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  { format }: Request,
  io: Io,
): Promise<void> {
  if (diagnostics.length === 0 && format !== "json") return;
  const { print } = await import("./print.ts");
  const write = format === "text" ? io.stderr : io.stdout;
  write(`${print(diagnostics, texts, format)}\n`);
}

function driftText({ drift }: Comparison, request: Request, io: Io): string {
  const lines = drift.map(({ path, difference }) => `  ${difference.padEnd(7)}  ${path}`);
  return `${request.out} is not what ${request.file} generates:\n${lines.join("\n")}\nRun ${mendingCommand(request, io)}\n`;
}

function commandOf({ command = NPM_SCRIPT }: Io): Command {
  return command;
}

function mendingCommand({ file, out }: Request, io: Io): string {
  const words = [...(file === DEFAULT_FILE ? [] : [file]), ...(out === DEFAULT_OUT ? [] : ["--out", out])];
  const { alone, withArguments } = commandOf(io);
  return words.length === 0 ? alone : [withArguments, ...words].join(" ");
}

function summary(count: number, { drift }: Comparison, { check, out }: Request): string {
  if (check) return `${out} is up to date: ${count} files\n`;
  const removed = drift.filter(({ difference }) => difference === "stale").length;
  const written = drift.length - removed;
  return `generated ${count} files, ${written} changed${removed > 0 ? `, ${removed} removed` : ""}\n`;
}

async function readContractFile(path: string): Promise<string | undefined> {
  return (await isFile(path)) ? await readFile(path, "utf8") : undefined;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Also true when npm runs it through a link; `import.meta.main` is not in every Node that runs a packed build. */
function isMain(): boolean {
  const script = process.argv[1];
  return script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url);
}

if (isMain()) {
  process.exitCode = await run(process.argv.slice(2), {
    cwd: process.cwd(),
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
  });
}
