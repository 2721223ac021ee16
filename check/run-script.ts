/** Runs one script of package.json as a child process. */
import { spawn } from "node:child_process";

/** How a script ended. */
export interface Outcome {
  readonly passed: boolean;
  /** What it printed, when it was not shown while it ran. */
  readonly output: string;
  /** Milliseconds. */
  readonly took: number;
}

export interface ScriptOptions {
  /** The folder of the package.json. */
  readonly cwd: string;
  readonly arguments: readonly string[];
  /** Whether it prints to the terminal while it runs. Otherwise the output is kept. */
  readonly live: boolean;
}

/**
 * Runs a script and waits for its end. It has no standard input, and a process group of its own: whoever
 * ends the gate ends everything that the script started, and the gate when that is gone. Never rejects.
 */
export async function runScript(script: string, options: ScriptOptions): Promise<Outcome> {
  const started = performance.now();
  const rest = options.arguments.length > 0 ? ["--", ...options.arguments] : [];
  const child = spawn(process.execPath, ["--run", script, ...rest], {
    cwd: options.cwd,
    stdio: options.live ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    env: { ...colours(), ...process.env },
    detached: true,
  });
  let ending: NodeJS.Signals | undefined;
  const end = (signal: NodeJS.Signals): void => {
    ending = signal;
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  };
  process.on("SIGINT", end).on("SIGTERM", end);

  const chunks: Buffer[] = [];
  const keep = (chunk: Buffer): void => void chunks.push(chunk);
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);

  const { promise, resolve } = Promise.withResolvers<boolean>();
  child.once("close", (code) => resolve(code === 0));
  child.once("error", (error) => {
    keep(Buffer.from(`${error.message}\n`));
    resolve(false);
  });
  const passed = await promise;
  process.off("SIGINT", end).off("SIGTERM", end);
  // What was started is gone; now the signal does to the gate what it would have done at once.
  if (ending) process.kill(process.pid, ending);
  return { passed, output: Buffer.concat(chunks).toString("utf8"), took: performance.now() - started };
}

/** Kept output is no terminal, so the tools must be told whether the gate's own output is one. */
function colours(): Readonly<Record<string, string>> {
  if ("FORCE_COLOR" in process.env || "NO_COLOR" in process.env) return {};
  return process.stdout.isTTY ? { FORCE_COLOR: "1" } : { NO_COLOR: "1" };
}
