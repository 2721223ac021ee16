/** What the arguments of the generator ask for. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Question } from "../kept/kept-results.ts";
import { type Format, FORMATS } from "../print.ts";
import { type Command, commandOf, type Io } from "./io.ts";

const DEFAULT_FILE = "asyncapi.yaml";
const DEFAULT_OUT = "generated";

/** What --help prints. */
export const help = ({ withArguments }: Command) => `Generates TypeScript from an AsyncAPI document.

  ${withArguments} [FILE] [options]
  ${withArguments} diff --help     compares the contract with an earlier one

  FILE             the contract (${DEFAULT_FILE})
  --out DIR        where the code goes (${DEFAULT_OUT})
  --check          write nothing; fail when the code on the disk is not what the contract generates
  --watch          stay, and generate and type-check again whenever a file of the contract is saved
  --strict         what AsyncAPI allows and nobody means is an error also in a document without x-tandem
  --format FORMAT  how faults are printed: text, json, or github for annotations (text)
  --help           this text

Exit codes: 0 fine; 1 the contract has errors, or --check found a difference; 2 the command cannot be understood.
`;

/** What the arguments ask for. */
export interface Request {
  readonly file: string;
  readonly out: string;
  readonly check: boolean;
  readonly watch: boolean;
  readonly strict: boolean;
  readonly format: Format;
}

/** What is asked for, or the reason why that cannot be told. */
export function readArguments(argv: readonly string[]): Request | "help" | Error {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        out: { type: "string", default: DEFAULT_OUT },
        check: { type: "boolean", default: false },
        watch: { type: "boolean", default: false },
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
    const { out, check, watch, strict } = values;
    if (watch && check) return new Error("--watch writes, and --check does not: choose one");
    if (watch && format !== "text") return new Error(`--watch prints text: --format ${format} is for a single run`);
    return { file, out, check, watch, strict, format };
  } catch (error) {
    // The first sentence says which option; the rest is advice for programmers.
    return new Error(error instanceof Error ? error.message.split(". ")[0] : String(error));
  }
}

/** What a kept result of this request answers. */
export function questionOf({ file, out, strict }: Request, io: Io): Question {
  return {
    contract: resolve(io.cwd, file),
    directory: resolve(io.cwd, out),
    options: { strict, ...commandOf(io), file },
  };
}

/** The command that generates what was asked for. */
export function mendingCommand({ file, out }: Request, io: Io): string {
  const words = [...(file === DEFAULT_FILE ? [] : [file]), ...(out === DEFAULT_OUT ? [] : ["--out", out])];
  const { alone, withArguments } = commandOf(io);
  return words.length === 0 ? alone : [withArguments, ...words].join(" ");
}
