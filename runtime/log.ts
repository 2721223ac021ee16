/** Structured logging: one JSON line for each thing that happened, on stdout and in a file when one is named. */
import { destination, multistream, pino, stdTimeFunctions, type Logger } from "pino";
import type { LOG_LEVELS } from "./settings/runtime-settings.ts";

/** Where log lines go. */
export interface LogOptions {
  /** On every line. */
  readonly service: string;
  readonly level: (typeof LOG_LEVELS)[number];
  /** A file that gets every line besides stdout. */
  readonly file: string | undefined;
}

/**
 * Opens the log. Lines are written when they are logged: none is lost when the process dies. No worker
 * thread takes part, so a bundle of the service needs no further files.
 *
 * @throws the system's error when the file cannot be opened
 */
export function openLog({ service, level, file }: LogOptions): Logger {
  const stdout = destination({ dest: 1, sync: true });
  const stream =
    file === undefined
      ? stdout
      : // Each stream has a level of its own, and would drop what is below it.
        multistream([
          { stream: stdout, level: "trace" },
          { stream: destination({ dest: file, sync: true, append: true }), level: "trace" },
        ]);
  return pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
}
