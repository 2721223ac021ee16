/** A program as a terminal runs it: in the foreground, with every process that it starts in one group. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { eventually } from "./eventually.ts";

/** A program in the foreground. */
export interface Foreground {
  /** What it and its processes have said so far. */
  readonly said: () => string;
  /** Resolves when it has said this; rejects when it ends before. */
  until(sentence: string): Promise<void>;
  /**
   * Sends SIGINT to the whole group, as a terminal does for Ctrl-C, and waits until no process of it is left, those
   * that the program left behind included.
   * @returns How the program itself ended.
   */
  pressCtrlC(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

const PATIENT = { deadlineMs: 120_000, intervalMs: 50 };

/** Starts a program; with the test that runs now it is gone. */
export function startInForeground(program: string, args: readonly string[], cwd: string): Foreground {
  const child = spawn(program, args, { cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit");
  const group = -(child.pid ?? 0);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (said += text));
  onTestFinished(() => void signalTo(group, "SIGKILL"));
  return {
    said: () => said,
    async until(sentence) {
      await eventually(() => {
        const isOver = child.exitCode !== null || child.signalCode !== null;
        return said.includes(sentence) || (isOver && `it ended, and had said only:\n${said}`);
      }, PATIENT).then((found) => {
        if (found !== true) throw new Error(found);
      });
    },
    async pressCtrlC() {
      signalTo(group, "SIGINT");
      await ended;
      await eventually(() => !signalTo(group, 0), PATIENT);
      return { code: child.exitCode, signal: child.signalCode };
    },
  };
}

/** False when no process of the group is left. */
function signalTo(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(group, signal);
  } catch {
    return false;
  }
}
