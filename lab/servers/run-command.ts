import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** How to run a command. */
export interface CommandOptions {
  /** Ends the command; its reason is the error's. */
  readonly signal?: AbortSignal;
  /** Ends the command after this long; 10 s when absent. */
  readonly timeoutMs?: number;
  readonly cwd?: string;
  /** The whole environment; this process's own when absent. */
  readonly env?: NodeJS.ProcessEnv;
  /** The user and group to run as; only root may name another than itself. */
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Runs a command to its end and returns what it wrote to stdout. Rejects with one line that names the
 * command and says why: not on this machine, out of time, or its exit code and the end of its stderr.
 */
export async function runCommand(file: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { timeoutMs = 10_000, signal, ...rest } = options;
  try {
    const { stdout } = await execute(file, args, {
      ...rest,
      timeout: timeoutMs,
      maxBuffer: 16 * 1024 * 1024,
      ...(signal && { signal }),
    });
    return stdout;
  } catch (error) {
    throw new Error(`${file} ${args[0] ?? ""}: ${whyItFailed(error, timeoutMs, signal)}`, { cause: error });
  }
}

function whyItFailed(error: unknown, timeoutMs: number, signal: AbortSignal | undefined): string {
  if (!(error instanceof Error)) return String(error);
  if (signal?.aborted) return signal.reason instanceof Error ? signal.reason.message : "stopped";
  if ("killed" in error && error.killed === true) return `no end after ${timeoutMs / 1000} s`;
  if ("code" in error && typeof error.code === "string") return systemReason(error.code);
  const ended = "code" in error && typeof error.code === "number" ? `exit code ${error.code}` : "ended by a signal";
  const said = "stderr" in error && typeof error.stderr === "string" ? lastLines(error.stderr, 3) : "";
  return said === "" ? ended : `${ended}: ${said}`;
}

function systemReason(code: string): string {
  if (code === "ENOENT") return "there is no such program here";
  if (code === "EACCES") return "it may not be executed";
  return code;
}

/** The last lines of a text that are not empty, joined by ` | `. */
export function lastLines(text: string, count: number): string {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .slice(-count)
    .join(" | ");
}
