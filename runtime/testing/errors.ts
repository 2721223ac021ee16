/** What goes wrong in a test system: one error class, a closed table of codes. `docs/errors.md` lists the same. */

/** Every code that the test harness raises, with what it means. */
export const TESTING_ERRORS = {
  SERVER_MISSING: "No NATS server or no PostgreSQL was named, and none was found on this machine.",
  SERVER_FAILED: "A server that the harness started did not come up.",
  STREAM_TAKEN: "The server has a stream of that name already, which somebody else made.",
  SERVICE_UNKNOWN: "The test system runs no service of that name.",
  NOT_SETTLED: "Something still moves at the deadline, or waits for what the test must do.",
  DEAD_LETTERS: "Messages were given up that the test did not ask for.",
  STOP_FAILED: "A service did not stop as it should.",
} as const;

export type TestingErrorCode = keyof typeof TESTING_ERRORS;

/** An error of the test harness. */
export class TestingError extends Error {
  override readonly name = "TestingError";
  readonly code: TestingErrorCode;

  constructor(code: TestingErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
