/** Ends a server when the process that started it is gone, however it went. */
import { spawn } from "node:child_process";
import { Socket } from "node:net";

/** What to end. */
interface Watched {
  readonly pid: number;
  readonly signal: NodeJS.Signals;
  /** Removed afterwards, with everything in it. */
  readonly directory: string;
}

/** A program of its own: its input closes when this process dies, also by SIGKILL. */
const PROGRAM = `
const { rmSync } = require("node:fs");
const { pid, signal, directory } = JSON.parse(process.argv[1]);
process.stdin.resume();
process.stdin.on("end", () => {
  try { process.kill(pid, signal); } catch {}
  setTimeout(() => {
    try { process.kill(pid, "SIGKILL"); } catch {}
    rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    process.exit(0);
  }, 500);
});
`;

/** Starts to watch. Returns what ends the watch, when the server was ended in order. */
export function watchOver(watched: Watched): () => void {
  const watchdog = spawn(process.execPath, ["-e", PROGRAM, JSON.stringify(watched)], {
    // Ctrl-C in a terminal must not reach it before it has done its work.
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watchdog.unref();
  // Neither must keep a process alive that has nothing else to do.
  if (watchdog.stdin instanceof Socket) watchdog.stdin.unref();
  return () => void watchdog.kill("SIGKILL");
}
