/** Generates what the contract says, whenever it has changed. */
import { run } from "../codegen/main.ts";

/** Runs of the generator, never two at once. */
export interface Regeneration {
  /** Generates when nothing has been asked for a moment: who types makes many changes. */
  ask(): void;
  /** Resolves when nothing is asked for and nothing runs. */
  settled(): Promise<void>;
}

const QUIET_MS = 400;

/**
 * Runs exactly what `npm run codegen` runs, with the same arguments, and prints what it prints.
 * @param argv The contract and options.
 * @param cwd What they are relative to.
 */
export function regeneration(
  argv: readonly string[],
  cwd: string,
  { stdout, stderr }: { readonly stdout: (text: string) => void; readonly stderr: (text: string) => void },
): Regeneration {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const generate = async (): Promise<void> => {
    try {
      await run(argv, { cwd, stdout, stderr });
    } catch (error) {
      stderr(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  };
  const start = (): void => {
    timer = undefined;
    running = running.then(generate);
  };
  return {
    ask() {
      clearTimeout(timer);
      timer = setTimeout(start, QUIET_MS);
    },
    async settled() {
      if (timer !== undefined) {
        clearTimeout(timer);
        start();
      }
      await running;
    },
  };
}
