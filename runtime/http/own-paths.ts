/** The paths that every service has: health, metrics, and the document of its HTTP door. */
import { createHash } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { send, sendJson, sendProblem } from "./problem.ts";

/** What the runtime's own paths answer. */
export interface DoorAnswers {
  /** The content type and text of `/metrics`. */
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
  /** Whether the service is ready, and the details. */
  readonly ready: () => Promise<{ readonly ready: boolean; readonly body: unknown }>;
  /** The OpenAPI document of the service's own routes. Absent, `/openapi.json` is one of them. */
  readonly openapi?: unknown;
}

/** Answers a request for one of these paths; undefined when it is for none of them. */
export type OwnPaths = (request: IncomingMessage, response: ServerResponse) => Promise<void> | undefined;

/** As IETF's draft of media types for REST APIs has it; who does not know it still reads a `+json`. */
const OPENAPI_TYPE = "application/openapi+json;version=3.1";

/** The paths with what they answer. */
export function ownPaths(answers: DoorAnswers): OwnPaths {
  const document = answers.openapi === undefined ? undefined : openApiAnswer(answers.openapi);
  return (request, response) => {
    switch (pathOf(request)) {
      case "/health/live":
        return read(request, response, async () => sendJson(response, 200, { status: "live" }));
      case "/health":
      case "/health/ready":
        return read(request, response, async () => {
          const { ready, body } = await answers.ready();
          sendJson(response, ready ? 200 : 503, body);
        });
      case "/metrics":
        return read(request, response, async () => {
          const { type, text } = await answers.metrics();
          send(response, 200, type, text);
        });
      case "/openapi.json":
        return document && read(request, response, async () => document(request, response));
      default:
        return undefined;
    }
  };
}

/** Answers a path that services without routes of their own do not have. */
export const noRoutes: RequestListener = (request, response) => {
  sendProblem(response, {
    status: 404,
    title: "Not Found",
    code: "NOT_FOUND",
    detail: `There is nothing at ${pathOf(request)}.`,
  });
};

/** The path of a request, without its query. */
export function pathOf({ url = "/" }: IncomingMessage): string {
  const end = url.indexOf("?");
  return end < 0 ? url : url.slice(0, end);
}

async function read(request: IncomingMessage, response: ServerResponse, answer: () => Promise<void>): Promise<void> {
  if (request.method === "GET" || request.method === "HEAD") return answer();
  response.setHeader("allow", "GET, HEAD");
  sendProblem(response, {
    status: 405,
    title: "Method Not Allowed",
    code: "METHOD_NOT_ALLOWED",
    detail: `${pathOf(request)} is only read.`,
  });
}

/** The document may be kept, if it is asked each time whether it still is the same. */
function openApiAnswer(document: unknown): RequestListener {
  const text = `${JSON.stringify(document, undefined, 2)}\n`;
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 27)}"`;
  return (request, response) => {
    response.setHeader("etag", etag);
    response.setHeader("cache-control", "no-cache");
    const known = (request.headers["if-none-match"] ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
    if (known.includes(etag) || known.includes("*")) response.writeHead(304).end();
    else send(response, 200, OPENAPI_TYPE, text);
  };
}
