/** What is wrong with a contract, where, and what to do: the one shape that every check reports in. */
import type { DiagnosticCode } from "./errors.ts";

/** An error keeps code from being generated; a warning is probably not meant; a note says what was decided. */
export type Severity = "error" | "warning" | "note";

const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];

/** A stretch of a file. Lines and columns count from 1; the end is the position after the last character. */
export interface Range {
  readonly line: number;
  readonly col: number;
  readonly endLine: number;
  readonly endCol: number;
}

/** One fault of a contract. */
export interface Diagnostic extends Range {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** The file as the caller named it. */
  readonly file: string;
  /** What went wrong, in one sentence. */
  readonly message: string;
  /** What to do, in one sentence; empty when the message says it all. */
  readonly hint: string;
}

/** Whether anything in the list keeps code from being generated. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/**
 * Orders diagnostics as a reader wants them: by file and position; at one position the worst first, then in
 * the order in which they were found, which is causes first. What says the same twice is said once.
 */
export function ordered(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics
    .filter((diagnostic) => {
      const identity = JSON.stringify([
        diagnostic.file,
        diagnostic.line,
        diagnostic.col,
        diagnostic.code,
        diagnostic.message,
      ]);
      return !seen.has(identity) && seen.add(identity);
    })
    .toSorted(
      (a, b) =>
        compareText(a.file, b.file) ||
        a.line - b.line ||
        a.col - b.col ||
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
    );
}

/** Compares by code unit, so that the order is the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
