/** A refusal that a caller gets to see, as RFC 9457 has it. */
import { STATUS_CODES } from "node:http";
import { redactText } from "@tandem/runtime";
import type { Problem as ProblemBody } from "#generated/schemas/problem.ts";

/** Every code that a caller can meet, with its HTTP status. Codes are stable: programs decide by them. */
export const PROBLEMS = {
  BODY_NOT_JSON: 400,
  BODY_INCOMPLETE: 400,
  BODY_INVALID: 400,
  HEADERS_INVALID: 400,
  PATH_INVALID: 400,
  NOT_FOUND: 404,
  ORDER_UNKNOWN: 404,
  METHOD_NOT_ALLOWED: 405,
  IDEMPOTENCY_KEY_IN_PROGRESS: 409,
  BODY_TOO_LARGE: 413,
  CONTENT_TYPE_UNSUPPORTED: 415,
  CONTENT_ENCODING_UNSUPPORTED: 415,
  IDEMPOTENCY_KEY_REUSED: 422,
  PRODUCT_UNKNOWN: 422,
  INTERNAL: 500,
  UNAVAILABLE: 503,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** One fault of a request: where, and what is wrong there. */
export type Fault = NonNullable<ProblemBody["errors"]>[number];

/** What a problem may carry besides its status and code. */
export interface ProblemOptions {
  readonly errors?: readonly Fault[];
  /** Seconds after which it makes sense to try again. */
  readonly retryAfterSeconds?: number;
  /** The methods that the path does take. */
  readonly allow?: string;
  readonly cause?: unknown;
}

/** Thrown anywhere on the way of a request; the door turns it into the answer. */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.options = options;
  }

  get status(): number {
    return PROBLEMS[this.code];
  }

  /** The document that goes to the caller. */
  body(correlationId: string, requestId?: string): ProblemBody {
    return {
      type: "about:blank",
      title: STATUS_CODES[this.status] ?? "Error",
      status: this.status,
      code: this.code,
      detail: redactText(this.message),
      ...(requestId === undefined ? {} : { request_id: requestId }),
      correlation_id: correlationId,
      ...(this.options.errors ? { errors: this.options.errors } : {}),
    };
  }
}
