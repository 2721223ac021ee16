/** Runs this program once more in a mount namespace of its own: what is mounted there nobody else sees, and it goes with it. */
import { spawn } from "node:child_process";

/** Says to the second run that it is in its namespace. */
const MARK = "TANDEM_CHAOS_NAMESPACE";
const WATCH_MS = 500;

/** Whether this process has a mount namespace to itself. */
export function hasOwnNamespace(): boolean {
  return process.env[MARK] !== undefined;
}

/** Calls when the first run is gone, whose death nobody tells of. */
export function watchFirstRun(onGone: () => void): void {
  const first = Number(process.env[MARK]);
  const watch = setInterval(() => {
    if (process.ppid === first) return;
    clearInterval(watch);
    onGone();
  }, WATCH_MS);
  watch.unref();
}

/** Runs this program with its arguments in a new mount namespace, and answers its exit code. Linux, as root. */
export async function inOwnNamespace(): Promise<number> {
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn("unshare", ["--mount", "--propagation", "private", ...program], {
    stdio: "inherit",
    env: { ...process.env, [MARK]: String(process.pid) },
    // Ctrl-C in a terminal comes to this process, which passes it on.
    detached: true,
  });
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      process.off("exit", end);
      resolve(code ?? 1);
    });
  });
}
