/** Anything that was thrown on the way of a request, as the problem that its caller gets to see. */
import { TandemError } from "@tandem/runtime";
import { Problem, type ProblemCode } from "./problem.ts";

/** Seconds after which a caller may hope that a database is back. */
const RETRY_AFTER_SECONDS = 5;

/** Fastify's own refusals that a caller can meet. */
const FASTIFY: Readonly<Record<string, readonly [code: ProblemCode, detail: string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ["BODY_TOO_LARGE", "The body is larger than this service reads."],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ["CONTENT_TYPE_UNSUPPORTED", "Send the body as application/json."],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ["BODY_INCOMPLETE", "The body is not as long as its Content-Length says."],
  FST_ERR_BAD_URL: ["PATH_INVALID", "The path is not a valid URL path."],
  FST_ERR_MAX_PARAM_LENGTH: ["NOT_FOUND", "There is nothing at this path."],
};

/**
 * The problem for an error. What is not meant for callers becomes a 500 without details: `cause` keeps
 * it for the log.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const cause = error;
  if (isUnavailable(error)) {
    const detail = "The database does not answer at the moment; nothing is known to be stored. Try again.";
    return new Problem("UNAVAILABLE", detail, { retryAfterSeconds: RETRY_AFTER_SECONDS, cause });
  }
  const refusal = FASTIFY[codeOf(error)];
  if (refusal) return new Problem(...refusal, { cause });
  // The caller went away in the middle of its body; nobody reads this answer.
  if (codeOf(error) === "ECONNRESET") return new Problem("BODY_INCOMPLETE", "The body ended early.", { cause });
  return new Problem("INTERNAL", "The service failed; its log says why, under this request id.", { cause });
}

/** Away, or so loaded that it gives up: SQLSTATE classes 53 (out of resources) and 57 (cancelled, shut down). */
function isUnavailable(error: unknown): boolean {
  return (error instanceof TandemError && error.failureClass === "unavailable") || /^5[37]\w{3}$/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}
