/** What the machine knows of processes, most of which are not this one's children. */
import { readdir, readFile } from "node:fs/promises";
import { runCommand } from "./run-command.ts";

/**
 * The program and arguments that a process was started with; undefined when there is no such process, or
 * when it has ended and only its parent has not asked yet.
 */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => undefined);
  if (line !== undefined) return line === "" ? undefined : line.replaceAll("\0", " ");
  return process.platform === "linux" ? undefined : psField(pid, "command");
}

/**
 * Something that differs between two processes which had the same id one after the other: when it
 * began. Undefined when there is no such process, or the machine does not say.
 */
export async function startOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (stat !== undefined) return afterName(stat)[19];
  return process.platform === "linux" ? undefined : psField(pid, "lstart");
}

/** Sends a signal, to a whole group when the number is negative; nothing happens when there is no such process. */
export function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself, or is about to.
  }
}

/** The processes that a process has started itself and that still run. */
export async function childrenOf(pid: number): Promise<readonly number[]> {
  const table = process.platform === "linux" ? await procTable() : await runCommand("ps", ["-A", "-o", "pid=,ppid="]);
  const rows = table.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  return rows.flatMap(([child, parent]) => (child !== undefined && parent === pid ? [child] : []));
}

/** What `ps -A -o pid=,ppid=` prints, for a machine that has no ps. */
async function procTable(): Promise<string> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const rows = pids.map(async (pid) => {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
    return `${pid} ${afterName(stat)[1]}`;
  });
  return (await Promise.all(rows)).join("\n");
}

/** The fields of `/proc/<pid>/stat` from the third on. The name before them may hold blanks and parentheses. */
function afterName(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

async function psField(pid: number, field: "lstart" | "command"): Promise<string | undefined> {
  const answer = await runCommand("ps", ["-ww", "-o", `${field}=`, "-p", String(pid)]).catch(() => "");
  return answer.trim() || undefined;
}
