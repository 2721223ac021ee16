/** Answers that are not the service's own: problem documents (RFC 9457) and small JSON. */
import type { ServerResponse } from "node:http";
import { REQUEST_ID } from "./request-id.ts";

/** What was wrong with a request. */
export interface ProblemAnswer {
  readonly status: number;
  readonly title: string;
  /** Stable, for programs. */
  readonly code: string;
  readonly detail: string;
  /** Seconds after which it makes sense to try again. */
  readonly retryAfterSeconds?: number;
}

/** Answers with a problem document, which names the request. */
export function sendProblem(response: ServerResponse, problem: ProblemAnswer): void {
  if (response.headersSent) return;
  const id = response.getHeader(REQUEST_ID);
  if (problem.retryAfterSeconds !== undefined) response.setHeader("retry-after", String(problem.retryAfterSeconds));
  response.setHeader("cache-control", "no-store");
  const type = "application/problem+json";
  send(response, problem.status, type, textOf(problem, typeof id === "string" ? id : undefined));
}

/** A problem as the text of its document. */
export function textOf({ status, title, code, detail }: ProblemAnswer, requestId?: string): string {
  return JSON.stringify({ type: "about:blank", title, status, code, detail, request_id: requestId });
}

/** Answers with a JSON document. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, "application/json", JSON.stringify(body));
}

/** Answers with a text of a given type. Does nothing when the caller is gone or was answered. */
export function send(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  // Node leaves the body out of an answer to HEAD.
  response.end(body);
}
