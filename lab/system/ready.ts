/** When a process of the system can be used. */
import type { SystemProcess } from "./process.ts";

/** A process of the system that listens. */
export interface RunningService {
  readonly name: string;
  readonly url: string;
  readonly process: SystemProcess;
}

/** How long a process may take to become ready, milliseconds. */
const READY_LIMIT_MS = 20_000;
const READY_POLL_MS = 25;

/** The URL that a process of the system says that it listens at. Rejects with what it printed when it ends before. */
export async function whereItListens(process: SystemProcess): Promise<string> {
  try {
    return await process.line(listeningAt);
  } catch (cause) {
    throw new Error(`${process.name} did not start. It printed:\n${process.tail().join("\n")}`, { cause });
  }
}

/** Every process of the system says on a line of JSON where it listens. */
function listeningAt(line: string): string | undefined {
  if (!line.startsWith("{")) return undefined;
  const value: unknown = JSON.parse(line);
  return typeof value === "object" && value !== null && "url" in value && typeof value.url === "string"
    ? value.url
    : undefined;
}

/**
 * Waits until a process says that it is ready.
 *
 * @throws an error with what it said and printed last
 */
export async function untilReady({ name, url, process }: RunningService): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  let last = "";
  while (Date.now() < deadline && !process.exit) {
    try {
      const response = await fetch(`${url}/health/ready`);
      last = await response.text();
      if (response.ok) return;
    } catch (error) {
      last = String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, READY_POLL_MS));
  }
  throw new Error(`${name} did not become ready: ${last}\nIt printed:\n${process.tail().join("\n")}`);
}
