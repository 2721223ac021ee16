/** What a run says of what it did. */
import type { Comparison } from "../output/drift.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { Io } from "./io.ts";
import { mendingCommand, type Request } from "./request.ts";

/** Faults for people go to stderr; what programs read goes to stdout, also when there is none. */
export async function show(
  diagnostics: readonly Diagnostic[],
  texts: ReadonlyMap<string, string>,
  { format }: Request,
  io: Io,
): Promise<void> {
  if (diagnostics.length === 0 && format !== "json") return;
  const { print } = await import("../print.ts");
  const write = format === "text" ? io.stderr : io.stdout;
  write(`${print(diagnostics, texts, format)}\n`);
}

/** The files that differ, and what to do. */
export function driftText({ drift }: Comparison, request: Request, io: Io): string {
  const lines = drift.map(({ path, difference }) => `  ${difference.padEnd(7)}  ${path}`);
  return `${request.out} is not what ${request.file} generates:\n${lines.join("\n")}\nRun ${mendingCommand(request, io)}\n`;
}

/** How much was generated, and how much of it is new. */
export function summary(count: number, { drift }: Comparison, { check, out }: Request): string {
  if (check) return `${out} is up to date: ${count} files\n`;
  const removed = drift.filter(({ difference }) => difference === "stale").length;
  const written = drift.length - removed;
  return `generated ${count} files, ${written} changed${removed > 0 ? `, ${removed} removed` : ""}\n`;
}
