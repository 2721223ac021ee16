/** Programs that the lab does not bring along: the places that one can come from, asked one after the other. */
import { LabError, reasonOf } from "./lab-error.ts";
import type { OnProgress } from "./progress.ts";

/** One place that a program can come from. */
export interface ProgramSource<Program> {
  /** As the error lists it. */
  readonly name: string;
  /** After this long the next source has its turn. */
  readonly timeoutMs: number;
  /** Rejects with the reason, in words, when it has none that will do. */
  find(context: {
    readonly env: NodeJS.ProcessEnv;
    readonly onProgress: OnProgress;
    /** Aborts when the source's time is over. */
    readonly signal: AbortSignal;
  }): Promise<Program>;
}

/** Where to look for a program, and who hears of it. */
export interface FindProgramOptions<Program> {
  /** This process's own when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** Asked one after the other; every source of this machine when absent. */
  readonly sources?: readonly ProgramSource<Program>[];
  readonly onProgress?: OnProgress;
}

/** What is looked for. */
interface Wanted<Program> {
  /** The variable that names one. */
  readonly variable: string;
  /** Rejects with the reason when the program at a path will not do. */
  readonly check: (path: string) => Promise<Program>;
  readonly sources: readonly ProgramSource<Program>[];
  /** The first line of the error that lists what was tried, without its `Tried:`. */
  readonly missing: string;
  /** The lines after it: what to do. */
  readonly todo: readonly string[];
}

/**
 * The program that the variable names, else the first that a source has. Rejects with `BINARY_NOT_FOUND` and
 * everything that was tried. A named program that will not do is an error at once: who names one does not want another.
 */
export async function findProgram<Program>(
  { variable, check, sources: known, missing, todo }: Wanted<Program>,
  { env = process.env, sources = known, onProgress = () => {} }: FindProgramOptions<Program>,
): Promise<Program> {
  const named = env[variable];
  if (named) return await checkNamed(variable, named, check);

  const tried: string[] = [];
  for (const source of sources) {
    try {
      return await source.find({ env, onProgress, signal: AbortSignal.timeout(source.timeoutMs) });
    } catch (error) {
      tried.push(`  ${source.name}: ${reasonOf(error)}`);
    }
  }
  throw new LabError("BINARY_NOT_FOUND", [`${missing} Tried:`, ...tried, ...todo].join("\n"));
}

async function checkNamed<Program>(
  variable: string,
  path: string,
  check: (path: string) => Promise<Program>,
): Promise<Program> {
  try {
    return await check(path);
  } catch (cause) {
    throw new LabError(
      "BINARY_NOT_FOUND",
      `${variable} names a program that will not do: ${reasonOf(cause)}. Correct it, or unset it to have one found.`,
      { cause },
    );
  }
}
