/** Answers that are not the service's own: problem documents (RFC 9457) and small JSON. */
import type { ServerResponse } from "node:http";

/** What was wrong with a request. */
export interface ProblemAnswer {
  readonly status: number;
  readonly title: string;
  /** Stable, for programs. */
  readonly code: string;
  readonly detail: string;
}

/** Answers with a problem document. */
export function sendProblem(response: ServerResponse, problem: ProblemAnswer): void {
  send(response, problem.status, "application/problem+json", textOf(problem));
}

/** A problem as the text of its document. */
export function textOf({ status, title, code, detail }: ProblemAnswer): string {
  return JSON.stringify({ type: "about:blank", title, status, code, detail });
}

/** Answers with a JSON document that nobody may keep. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, "application/json", JSON.stringify(body));
}

/** Answers with a text of a given type. Does nothing when the caller is gone or was answered. */
export function send(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  // Node leaves the body out of an answer to HEAD.
  response.end(body);
}
