import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { LabError, reasonOf } from "./lab-error.ts";
import { childrenOf, signalQuietly } from "./processes.ts";
import { lastLines } from "./run-command.ts";

/** How a server is started. */
export interface ServerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Everything that the server says goes to the end of this file. */
  readonly logFile: string;
  readonly env: NodeJS.ProcessEnv;
  /** What ends it at once, when this process exits and can no longer wait for it. */
  readonly lastSignal: NodeJS.Signals;
  /** Absent: this process's own. */
  readonly runAs?: { readonly uid: number; readonly gid: number } | undefined;
}

/** A server that was started, as a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** How it ended, in words; undefined while it runs. */
  readonly ending: string | undefined;
  /** Resolves with how it ended. Never rejects. */
  readonly ended: Promise<string>;
  /** Sends the last signal and does not wait. */
  endNow(): void;
  /** Sends a signal and waits; SIGKILL follows when the process still runs after the grace. */
  end(signal: NodeJS.Signals, graceMs: number): Promise<void>;
  /** SIGKILL to it and to every process that it started, so that none of them goes on alone. */
  crash(): Promise<void>;
}

/**
 * Starts a server. It is given a session of its own: Ctrl-C in a terminal reaches this process alone, which
 * then ends what it started in its own order. Rejects with `SERVER_NOT_STARTED` when the program cannot be executed.
 */
export async function startServerProcess(command: ServerCommand): Promise<ServerProcess> {
  const log = openSync(command.logFile, "a", 0o644);
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  let ending: string | undefined;
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: command.env,
    detached: true,
    stdio: ["ignore", log, log],
    ...command.runAs,
  });
  closeSync(log);
  child.on("exit", (code, signal) => {
    ending = signal === null ? `exit code ${code}` : `ended by ${signal}`;
    resolve(ending);
  });
  const failure = await new Promise<unknown>((settle) => {
    child.once("spawn", settle);
    child.once("error", settle);
  });
  const { pid } = child;
  if (pid === undefined) {
    throw new LabError("SERVER_NOT_STARTED", `${command.file} cannot be executed: ${reasonOf(failure)}`, {
      cause: failure,
    });
  }

  const send = (signal: NodeJS.Signals) => {
    // To its whole group, for initdb has children. Once it has ended, the number may be another's.
    if (ending === undefined) signalQuietly(-pid, signal);
  };
  return {
    pid,
    ended,
    get ending() {
      return ending;
    },
    endNow: () => send(command.lastSignal),
    async end(signal, graceMs) {
      send(signal);
      const kill = setTimeout(() => send("SIGKILL"), graceMs);
      await ended;
      clearTimeout(kill);
    },
    async crash() {
      // Stopped, it starts no more while they are counted.
      send("SIGSTOP");
      const children = ending === undefined ? await childrenOf(pid) : [];
      send("SIGKILL");
      for (const child of children) signalQuietly(child, "SIGKILL");
      await ended;
    },
  };
}

/** The end of a server's log, for the message of an error. */
export async function logTail(logFile: string): Promise<string> {
  const log = await readFile(logFile, "utf8").catch(() => "");
  return lastLines(log, 5) || "it logged nothing";
}
