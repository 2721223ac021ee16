/** Structured logging: one JSON line for each thing that happened, on stdout and in a file when one is named. */
import { destination, multistream, pino, stdSerializers, stdTimeFunctions, type Logger } from "pino";
import { redactLine } from "./redaction/redact.ts";
import { LOG_LEVELS } from "./settings/runtime-settings.ts";

type LogLevel = (typeof LOG_LEVELS)[number];

const HEARD = "info";

/** Where log lines go. */
export interface LogOptions {
  /** On every line. */
  readonly service: string;
  readonly level: LogLevel;
  /** A file that gets every line besides stdout. */
  readonly file: string | undefined;
  /** Gets every line of level info and above besides, whatever `level` says. */
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * Opens the log. Lines are written when they are logged: none is lost when the process dies. No worker
 * thread takes part, so a bundle of the service needs no further files.
 *
 * @throws the system's error when the file cannot be opened
 */
export function openLog({ service, level, file, onLine }: LogOptions): Logger {
  const written = [destination({ dest: 1, sync: true })];
  if (file !== undefined) written.push(destination({ dest: file, sync: true, append: true }));
  const [stdout] = written;
  const heard = onLine === undefined ? [] : [{ stream: { write: onLine }, level: HEARD }];
  return pino(
    {
      level: onLine === undefined ? level : moreOf(level, HEARD),
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: errorOf },
      // Every line, whoever wrote it and whatever it holds.
      hooks: { streamWrite: redactLine },
    },
    stdout !== undefined && written.length + heard.length === 1
      ? stdout
      : multistream([...(level === "silent" ? [] : written.map((stream) => ({ stream, level }))), ...heard]),
  );
}

/** An error without what PostgreSQL quotes of rows: whole ones, with values that are nobody's business. */
function errorOf(error: Error): object {
  const { detail: _detail, where: _where, internalQuery: _query, ...shown } = stdSerializers.err(error);
  return shown;
}

/** The level that says more. */
function moreOf(one: LogLevel, other: LogLevel): LogLevel {
  return LOG_LEVELS.indexOf(one) < LOG_LEVELS.indexOf(other) ? one : other;
}
