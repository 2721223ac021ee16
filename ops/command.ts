/** The shape of one command of `tandem`. */

/** What a command may touch of the process that runs it. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One or more lines to stdout. */
  readonly print: (text: string) => void;
  /**
   * Aborts when the process is told to stop. Only for a command that runs until then: once it was called, a signal no
   * longer ends the process by itself. Absent where nobody could tell.
   */
  readonly whenTold?: () => AbortSignal;
}

export interface Command {
  /** What `--help` prints. */
  readonly help: string;
  /**
   * Answers the exit code: 0 fine, 1 not. Throws `OpsError` for what the caller has to mend, and for arguments
   * that say nothing that could be done `UsageError`, or `TypeError` of `parseArgs`: then it is 2.
   */
  run(argv: readonly string[], surroundings: Surroundings): Promise<number>;
}
