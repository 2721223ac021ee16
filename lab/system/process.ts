/** One process of the system under the lab's hand: started, watched, stopped or killed. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { fileURLToPath } from "node:url";
import { atProcessEnd } from "../servers/process-end.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LEASH = new URL("./leash.ts", import.meta.url).href;

/** How many of the last output lines an error shows. */
const TAIL_LINES = 20;

export interface ProcessOptions {
  readonly name: string;
  /** The TypeScript file to run, from the root. */
  readonly file: string;
  /** The folder to run in; the repository when absent. */
  readonly root?: string;
  readonly arguments?: readonly string[];
  /** Added to the environment of the lab. */
  readonly env?: Readonly<Record<string, string>>;
  /** Everything that the process prints is also written here. */
  readonly logFile?: string;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface SystemProcess {
  readonly name: string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Undefined while it runs. */
  readonly exit: Exit | undefined;
  /** The last lines that it printed. */
  tail(): readonly string[];
  /** Resolves with the first stdout line that the function accepts; rejects when the process ends before. */
  line<T extends {}>(accept: (line: string) => T | undefined): Promise<T>;
  /** SIGTERM, then SIGKILL when it has not ended after the limit (milliseconds, 20 s by default). */
  stop(limitMs?: number): Promise<Exit>;
  /** SIGKILL. */
  kill(): Promise<Exit>;
}

/** Starts a TypeScript file on the Node that runs this. */
export function startProcess(options: ProcessOptions): SystemProcess {
  const child = spawn(process.execPath, ["--import", LEASH, options.file, ...(options.arguments ?? [])], {
    cwd: options.root ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // A Ctrl-C in the terminal reaches the lab alone, which then stops its processes in order.
    detached: true,
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${options.name} could not be started from ${options.file}`);

  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { flags: "a" });
  if (child.stdout) {
    eachLine(child.stdout, (line) => {
      keep(line);
      for (const listener of listeners) listener(line);
    });
  }
  if (child.stderr) eachLine(child.stderr, keep);

  const withdraw = atProcessEnd(() => child.kill("SIGKILL"));
  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    child.once("close", (code, signal) => {
      exit = { code, signal };
      withdraw();
      log?.end();
      resolve(exit);
    });
  });

  function keep(line: string): void {
    lines.push(line);
    if (lines.length > TAIL_LINES) lines.shift();
    log?.write(`${line}\n`);
  }

  return {
    name: options.name,
    pid,
    exited,
    get exit() {
      return exit;
    },
    tail: () => [...lines],
    line: <T extends {}>(accept: (line: string) => T | undefined) => {
      const found = Promise.withResolvers<T>();
      const listener = (line: string) => {
        const value = accept(line);
        if (value !== undefined) found.resolve(value);
      };
      listeners.add(listener);
      void exited.then(() => found.reject(new Error(`${options.name} ended before it said what was awaited`)));
      return found.promise.finally(() => listeners.delete(listener));
    },
    stop: (limitMs = 20_000) => end(child, exited, "SIGTERM", limitMs),
    kill: () => end(child, exited, "SIGKILL", 0),
  };
}

async function end(child: ChildProcess, exited: Promise<Exit>, signal: NodeJS.Signals, limitMs: number): Promise<Exit> {
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
  try {
    return await exited;
  } finally {
    clearTimeout(timer);
  }
}

function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) onLine(part);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
