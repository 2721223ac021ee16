/** The runtime's one error class, its closed table of codes, and what each means for a delivery. */

/**
 * How a failed handler run goes on:
 * - `invalid`: the message itself is wrong; dead letter at once
 * - `permanent`: no retry can help; dead letter at once
 * - `transient`: retried with a delay, dead letter after the last attempt
 * - `unavailable`: what the run needs does not answer; the delivery is kept in hand and run again, and
 *   spends no attempt
 */
export type FailureClass = "invalid" | "permanent" | "transient" | "unavailable";

/** Every code that the runtime raises, with what it means. `docs/errors.md` lists the same. */
export const RUNTIME_ERRORS = {
  BODY_NOT_JSON: { class: "invalid", text: "The body is not JSON in UTF-8." },
  EVENT_INVALID: {
    class: "invalid",
    text: "The body does not satisfy the schema of the version that its subject names.",
  },
  ENVELOPE_INVALID: { class: "invalid", text: "A header that the contract requires is missing or malformed." },
  EVENT_STALE: {
    class: "permanent",
    text: "A later event of its key was applied, and the contract asks for their order.",
  },
  PAYLOAD_INVALID: { class: "permanent", text: "What the service wants to publish does not satisfy the contract." },
  SHIM_FAILED: {
    class: "permanent",
    text: "The mapping between two versions of an event threw, or made what the other version refuses.",
  },
  UNREPRESENTABLE: { class: "permanent", text: "An event cannot be said in another version that it is needed in." },
  EVOLUTION_MISSING: {
    class: "permanent",
    text: "The service needs a mapping between two versions, or a hand-written part of one, that is not there.",
  },
  ATTEMPTS_EXHAUSTED: {
    class: "permanent",
    text: "Every attempt was used, and the last one ended without an answer from the handler.",
  },
  PROCESS_KILLED: {
    class: "permanent",
    text: "The message ended its process each time its handler was started, so it is not started again.",
  },
  MAX_DELIVERIES: {
    class: "permanent",
    text: "The server gave the message up: it was delivered as often as it may be and never answered.",
  },
  HANDLER_FAILED: { class: "transient", text: "The handler threw, on this attempt or on every one of them." },
  HANDLER_MISSING: {
    class: "permanent",
    text: "The contract says that the service handles an event for which it brings no handler.",
  },
  RUN_OVER: { class: "permanent", text: "A handler used its transaction or its publisher after its run had ended." },
  TRANSACTION_ABORTED: {
    class: "transient",
    text: "A statement failed inside the transaction and the handler went on, so PostgreSQL kept nothing.",
  },
  VALUE_REFUSED: {
    class: "permanent",
    text: "PostgreSQL cannot hold a value that it was given: a text with U+0000, a number or a date beyond its type.",
  },
  SCHEMA_FAILED: { class: "permanent", text: "The tables of the service could not be made." },
  DATABASE_DOWN: { class: "unavailable", text: "PostgreSQL does not answer." },
  PERMANENT: { class: "permanent", text: "The handler said that no retry can help." },
  PUBLISH_REFUSED: { class: "permanent", text: "The broker refused the message for good." },
  BATCH_UNSUPPORTED: { class: "permanent", text: "The stream, or its server, stores no atomic batches." },
  PUBLISH_UNCONFIRMED: {
    class: "transient",
    text: "No acknowledgement came before the deadline; the message may or may not be stored.",
  },
  CONNECTION_CLOSED: { class: "transient", text: "The connection to NATS is closed." },
  BROKER_UNREACHABLE: { class: "transient", text: "NATS does not answer a command." },
  BROKER_REFUSED: { class: "permanent", text: "NATS answered a command with an error." },
  BROKER_TOO_OLD: { class: "permanent", text: "The NATS server is older than what Tandem needs." },
  CONFIG_INVALID: { class: "permanent", text: "The environment does not describe a service that can start." },
  DESCRIPTOR_FORMAT: { class: "permanent", text: "The generated code was made for another version of the runtime." },
  DEPENDENCY_TIMEOUT: {
    class: "transient",
    text: "A dependency did not answer in time; what it was asked may or may not have been done.",
  },
  DEPENDENCY_DOWN: { class: "unavailable", text: "A circuit breaker is open: the dependency does not answer." },
} as const satisfies Record<string, { class: FailureClass; text: string }>;

export type RuntimeErrorCode = keyof typeof RUNTIME_ERRORS;

/** An error of the runtime: a code from the table, a sentence that says where and what to do, and its cause. */
export class TandemError extends Error {
  override readonly name = "TandemError";
  readonly code: RuntimeErrorCode;

  constructor(code: RuntimeErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  get failureClass(): FailureClass {
    return RUNTIME_ERRORS[this.code].class;
  }
}

/** Throw this from a handler when no retry can help: the message goes to the dead letters at once. */
export class PermanentError extends TandemError {
  constructor(message: string, options?: { cause?: unknown }) {
    super("PERMANENT", message, options);
  }
}

/** The class of anything that was thrown: what is not ours is transient, because a retry may help. */
export function classify(error: unknown): FailureClass {
  return error instanceof TandemError ? error.failureClass : "transient";
}
