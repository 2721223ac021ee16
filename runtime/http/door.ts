/** The HTTP server of a service: health and metrics from the first moment, the service's own routes while it runs. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import { TandemError } from "../errors.ts";
import { answerNoRequests, refuseWithoutHost } from "./no-request.ts";
import { send, sendJson, sendProblem } from "./problem.ts";

/** What the runtime's own paths answer. */
export interface DoorAnswers {
  /** The content type and text of `/metrics`. */
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
  /** Whether the service is ready, and the details. */
  readonly ready: () => Promise<{ readonly ready: boolean; readonly body: unknown }>;
}

/** Where to listen, and what to answer. */
export interface DoorOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly answers: DoorAnswers;
  readonly log: Logger;
}

/** A listening server. */
export interface Door {
  readonly port: number;
  /** Where a client on this machine reaches it. */
  readonly url: string;
  /** Opens the service's own routes. Until then they answer 503. */
  serve(listener: RequestListener): void;
  /** Closes the service's own routes (503) and waits for requests in hand. Health and metrics still answer. */
  refuse(): Promise<void>;
  /** Ends the server and its connections. */
  close(): Promise<void>;
}

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than load balancers keep theirs, so that it is they who close an idle connection. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/**
 * Starts to listen.
 *
 * @throws `CONFIG_INVALID` when the address cannot be had, and why
 */
export async function openDoor({ host, port, answers, log }: DoorOptions): Promise<Door> {
  let listener: RequestListener | "starting" | "stopping" = "starting";
  let inHand = 0;
  let idle = (): void => undefined;

  const serveOwn = (request: IncomingMessage, response: ServerResponse): void => {
    if (typeof listener === "string") return sendUnavailable(response, listener);
    inHand += 1;
    response.once("close", () => {
      inHand -= 1;
      if (inHand === 0) idle();
    });
    listener(request, response);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = pathOf(request);
    if (path === "/health/live") return answerGet(request, response, () => sendJson(response, 200, { status: "live" }));
    if (path === "/health/ready" || path === "/health") {
      const { ready, body } = await answers.ready();
      return answerGet(request, response, () => sendJson(response, ready ? 200 : 503, body));
    }
    if (path === "/metrics") {
      const { type, text } = await answers.metrics();
      return answerGet(request, response, () => send(response, 200, type, text));
    }
    serveOwn(request, response);
  };

  const server = createServer({ requireHostHeader: false }, (request, response) => {
    if (refuseWithoutHost(request, response)) return;
    answer(request, response).catch((error: unknown) => {
      log.error({ err: error, path: pathOf(request) }, "a request failed");
      sendProblem(response, {
        status: 500,
        title: "Internal Server Error",
        code: "INTERNAL",
        detail: "The service failed; its log says why.",
      });
    });
  });
  answerNoRequests(server, log);
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  await listen(server, host, port);
  const bound = portOf(server);

  return {
    port: bound,
    url: `http://${hostInUrl(host)}:${bound}`,
    serve: (given) => {
      if (listener === "starting") listener = given;
    },
    refuse: async () => {
      listener = "stopping";
      if (inHand === 0) return;
      await new Promise<void>((resolve) => {
        idle = resolve;
      });
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
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

function answerGet(request: IncomingMessage, response: ServerResponse, answer: () => void): void {
  if (request.method === "GET" || request.method === "HEAD") return answer();
  response.setHeader("allow", "GET, HEAD");
  sendProblem(response, {
    status: 405,
    title: "Method Not Allowed",
    code: "METHOD_NOT_ALLOWED",
    detail: `${pathOf(request)} is only read.`,
  });
}

function sendUnavailable(response: ServerResponse, phase: "starting" | "stopping"): void {
  response.setHeader("retry-after", "1");
  if (phase === "stopping") response.setHeader("connection", "close");
  sendProblem(response, {
    status: 503,
    title: "Service Unavailable",
    code: "NOT_READY",
    detail: `The service is ${phase}; try again.`,
  });
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "something else listens there" : error.message;
      reject(
        new TandemError("CONFIG_INVALID", `HTTP_HOST, HTTP_PORT: cannot listen on ${host}:${port}: ${why}.`, {
          cause: error,
        }),
      );
    });
    server.listen({ host, port }, resolve);
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** An address as part of a URL: brackets around IPv6, and loopback where every address is meant. */
function hostInUrl(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

function pathOf(request: IncomingMessage): string {
  const target = request.url ?? "/";
  const end = target.indexOf("?");
  return end < 0 ? target : target.slice(0, end);
}
