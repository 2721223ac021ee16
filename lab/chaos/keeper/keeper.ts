/** Ends what a run started when the run itself was killed: a process beside it, which outlives it for a moment. */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** What the keeper is told: a process to end. */
export interface KeeperWord {
  readonly process: number;
}

export interface Keeper {
  readonly pid: number;
  /** Tells it of a process that must not outlive this one. */
  keep(pid: number): void;
  /** Lets it go: this process has ended everything itself. */
  dismiss(): Promise<void>;
}

/** Starts a keeper. */
export function startKeeper(): Keeper {
  const child = fork(fileURLToPath(new URL("main.ts", import.meta.url)), [], {
    // It must live when Ctrl-C in a terminal ends this one at once.
    detached: true,
    stdio: "ignore",
    execArgv: [],
  });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  child.channel?.unref();
  child.unref();
  return {
    pid: child.pid ?? 0,
    keep(pid) {
      if (child.connected) child.send({ process: pid } satisfies KeeperWord);
    },
    async dismiss() {
      // Now it is waited for: nothing else may be left that keeps this process alive.
      child.ref();
      child.kill("SIGTERM");
      await gone;
    },
  };
}
