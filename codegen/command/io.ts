/** What a run of the command line is given by its process. */

/** Everything that a run takes from its process. */
export interface Io {
  /** The directory that paths are relative to. */
  readonly cwd: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** How the reader of a message calls this program, without and with arguments. Default: `npm run codegen`. */
  readonly command?: Command;
  /** Aborts when the process is told to end, for what runs until then. Default: it never is. */
  readonly whenTold?: () => AbortSignal;
  /** Is called where the process will generate once, and end. Default: nobody wants to know. */
  readonly onOnce?: () => void;
}

/** The words that stand before the arguments. */
export interface Command {
  /** When there are no arguments. */
  readonly alone: string;
  readonly withArguments: string;
}

const NPM_SCRIPT: Command = { alone: "npm run codegen", withArguments: "npm run codegen --" };

/** How this program is called. */
export function commandOf({ command = NPM_SCRIPT }: Io): Command {
  return command;
}
