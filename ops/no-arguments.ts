/** Programs that take no arguments, and say so instead of doing what they do whatever they are given. */
import { parseArgs } from "node:util";
import { refusal } from "./usage-error.ts";

/** What a program answers instead of doing its work. */
export interface NoArgumentsAnswer {
  /** 0 for its help, 2 for arguments that it does not have. */
  readonly code: 0 | 2;
  readonly text: string;
}

/**
 * The answer to arguments of a program that has none but `--help`.
 * @returns Undefined where it was given none, and may begin.
 */
export function answerArguments(argv: readonly string[], help: string): NoArgumentsAnswer | undefined {
  try {
    const { values } = parseArgs({ args: [...argv], options: { help: { type: "boolean", short: "h" } } });
    return values.help === true ? { code: 0, text: help } : undefined;
  } catch (error) {
    return { code: 2, text: refusal(error, help) };
  }
}
