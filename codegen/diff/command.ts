/** `codegen diff`: compares the contract with the one before it, and says what would break whom. */
import { parseArgs } from "node:util";
import { type Diagnostic, hasErrors } from "../diagnostic.ts";
import { readModel } from "../generate.ts";
import type { Model } from "../model/model.ts";
import { print } from "../print.ts";
import { compareModels, verdictOn } from "./changes.ts";
import { type Base, type ContractText, findBase, findContract, NoBase } from "./find-base.ts";
import { placesIn } from "./positions.ts";
import { FORMATS, type Format, printChanges } from "./print-changes.ts";
import { readStored, type Stored } from "./read-stored.ts";

/** What a run of the command takes from its process. */
export interface DiffIo {
  /** The directory that paths are relative to. */
  readonly cwd: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** How the reader of a message calls the command: `npm run codegen -- diff`. */
  readonly command: string;
  /** Milliseconds since 1970, for what may still be stored. Default: now. */
  readonly now?: () => number;
}

const DEFAULT_FILE = "asyncapi.yaml";
const DEFAULT_OUT = "generated";

const help = (command: string): string => `Compares a contract with an earlier one, and says what would break whom.

  ${command} [FILE] [options]

  FILE             the contract, or an installed package that holds it (${DEFAULT_FILE})
  --against BASE   a commit, branch or tag; a file; or an installed package, or a file in one: @acme/orders-contract
                   (the merge base with main)
  --file           BASE is a file, whatever else has its name
  --out DIR        where the generated code is, which says what it was made from of other documents (${DEFAULT_OUT})
  --format FORMAT  text, json, github for annotations, or markdown for a pull request (text)
  --help           this text

Exit codes: 0 nothing breaks; 1 something breaks, or may and nobody answers for it; 2 it cannot be told.
`;

interface Request {
  readonly file: string;
  readonly against: string | undefined;
  readonly isFile: boolean;
  readonly out: string;
  readonly format: Format;
}

/** Runs the command and returns the exit code: 0 fine, 1 breaking, 2 it could not be told. */
export async function runDiff(argv: readonly string[], io: DiffIo): Promise<number> {
  const request = readArguments(argv);
  if (request === "help") {
    io.stdout(help(io.command));
    return 0;
  }
  if (request instanceof Error) return refuse(`${request.message}\nSee ${io.command} --help`, io);
  try {
    const contract = await findContract(io.cwd, request.file, io.command);
    const base = await findBase({ cwd: io.cwd, ...request, file: contract.file });
    return await compare(contract, base, request.format, io);
  } catch (error) {
    if (error instanceof NoBase) return refuse(error.message, io);
    throw error;
  }
}

async function compare(contract: ContractText, base: Base, format: Format, io: DiffIo): Promise<number> {
  const after = await understood(contract, "mend it first", format, io);
  if (after === undefined) return 2;
  const before = await understood(base, "name another base with --against, one that is valid", format, io);
  if (before === undefined) return 2;
  const { contracts: stored, unread } = await storedUnder(base, before, after, io);
  const { locate, texts } = await placesIn(contract);
  const changes = compareModels(before, after, stored).map((change) => ({ ...change, ...locate(change.at) }));
  const printed = printChanges({ file: contract.file, texts, base: base.label, changes }, format);
  if (printed !== "") io.stdout(`${printed}\n`);
  if (unread.length > 0)
    io.stderr(`not compared with what was stored under ${unread.join(", ")}: it cannot be read today\n`);
  return verdictOn(changes) === "compatible" ? 0 : 1;
}

/** What a contract means. Shows what is wrong with it when it means nothing. */
async function understood(
  { file: path, prefix, text, read }: ContractText,
  remedy: string,
  format: Format,
  io: DiffIo,
): Promise<Model | undefined> {
  const { model, diagnostics, texts } = await readModel(path, text, { read });
  const file = `${prefix}${path}`;
  if (model !== undefined) return model;
  const errors = diagnostics.filter((diagnostic) => hasErrors([diagnostic]));
  show(
    errors.map((diagnostic) => ({ ...diagnostic, file: `${prefix}${diagnostic.file}` })),
    new Map([...texts].map(([name, one]) => [`${prefix}${name}`, one])),
    format,
    io,
  );
  if (format === "text" || format === "markdown") io.stderr(`${file} cannot be compared: ${remedy}.\n`);
  return undefined;
}

function show(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  format: Format,
  io: DiffIo,
): void {
  const forPeople = format === "text" || format === "markdown";
  const printed = print(diagnostics, texts, forPeople ? "text" : format);
  (forPeople ? io.stderr : io.stdout)(`${printed}\n`);
}

/** The contracts that were in force for as long as the streams of events keep them. */
async function storedUnder(base: Base, before: Model, after: Model, io: DiffIo): Promise<Stored> {
  const longest = Math.max(0, ...[...before.streams, ...after.streams].map(({ maxAgeMs }) => maxAgeMs));
  const now = (io.now ?? Date.now)();
  return await readStored(await base.olderSince(now - longest));
}

function readArguments(argv: readonly string[]): Request | "help" | Error {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        against: { type: "string" },
        file: { type: "boolean", default: false },
        out: { type: "string", default: DEFAULT_OUT },
        format: { type: "string", default: "text" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return "help";
    const [file = DEFAULT_FILE, ...more] = positionals;
    if (more.length > 0) return new Error(`one contract at a time: ${more.join(" ")} is too many`);
    const format = FORMATS.find((known) => known === values.format);
    if (format === undefined) return new Error(`--format is one of ${FORMATS.join(", ")}, not ${values.format}`);
    if (values.against === "") return new Error("--against needs a commit, a file or a package");
    if (values.file && values.against === undefined) return new Error("--file goes with --against FILE");
    return { file, against: values.against, isFile: values.file, out: values.out, format };
  } catch (error) {
    // The first sentence says which option; the rest is advice for programmers.
    return new Error(error instanceof Error ? error.message.split(". ")[0] : String(error));
  }
}

function refuse(why: string, io: DiffIo): number {
  io.stderr(`${why}\n`);
  return 2;
}
