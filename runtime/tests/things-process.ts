/** The taker of a rig as a process, which tests may kill. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach } from "vitest";

/** A started process: what it wrote so far, and how it ends. */
export interface ThingsProcess {
  readonly child: ChildProcess;
  /** Resolves with its exit code; null when a signal ended it. */
  readonly ended: Promise<unknown>;
  stdout: string;
  stderr: string;
}

/** Starts a process with an environment, and arguments. */
export type StartProcess = (env: Readonly<Record<string, string>>, args?: readonly string[]) => ThingsProcess;

const main = fileURLToPath(new URL("things-main.ts", import.meta.url));

/** Starts processes for the tests of a file, and kills what is left of them after each. */
export function processesForTests(): StartProcess {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });
  return (env, args = []) => {
    const child = spawn(process.execPath, [main, ...args], {
      env: { PATH: process.env["PATH"], ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(child);
    const started: ThingsProcess = {
      child,
      ended: once(child, "close").then(([code]: unknown[]) => code),
      stdout: "",
      stderr: "",
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (started.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (started.stderr += text));
    return started;
  };
}

/** Starts a process again whenever it dies, as whatever runs services does, until stopped. */
export function superviseProcess(start: () => ThingsProcess): {
  readonly lives: () => number;
  /** Kills the present life. */
  kill(): void;
  stop(): Promise<void>;
} {
  let lives = 0;
  let current: ThingsProcess | undefined;
  const { promise: stopping, resolve: stop } = Promise.withResolvers<"stop">();
  const supervise = async (): Promise<void> => {
    for (;;) {
      current = start();
      lives += 1;
      if ((await Promise.race([current.ended, stopping])) === "stop") return;
    }
  };
  const supervised = supervise();
  return {
    lives: () => lives,
    kill: () => void current?.child.kill("SIGKILL"),
    stop: async () => {
      stop("stop");
      await supervised;
      current?.child.kill("SIGTERM");
      await current?.ended;
    },
  };
}
