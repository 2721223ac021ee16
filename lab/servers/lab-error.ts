/**
 * Every way in which a server can fail to be had:
 * - `BINARY_NOT_FOUND`: there is no suitable program for it on this machine, and none could be fetched
 * - `SERVER_NOT_STARTED`: the program is there, and did not come up
 * - `SERVER_UNUSABLE`: the server that the environment names does not answer, or Tandem cannot work with it
 */
export type LabErrorCode = "BINARY_NOT_FOUND" | "SERVER_NOT_STARTED" | "SERVER_UNUSABLE";

/** A server could not be had: the message says what was tried, and what to do. */
export class LabError extends Error {
  override readonly name = "LabError";
  readonly code: LabErrorCode;

  constructor(code: LabErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The message of anything that was thrown. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message : String(error);
}
