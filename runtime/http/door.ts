/** The HTTP server of a service: health and metrics from the first moment, the service's own routes while it runs. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import { TandemError } from "../errors.ts";
import { createAdmission, refuseOversized, type Refusal, type RefusalReason } from "./admission.ts";
import { clientOf } from "./client-address.ts";
import { allowOrigin } from "./cross-origin.ts";
import { standardLimits, type DoorLimits } from "./limits.ts";
import { answerNoRequests, refuseWithoutHost } from "./no-request.ts";
import { ownPaths, pathOf, type DoorAnswers } from "./own-paths.ts";
import { sendProblem } from "./problem.ts";
import { identify } from "./request-id.ts";
import { secure } from "./security-headers.ts";

/** Where to listen, and what to answer. */
export interface DoorOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly answers: DoorAnswers;
  readonly log: Logger;
  /** What is taken at most; what the settings say by themselves when absent. */
  readonly limits?: DoorLimits;
  /** The refusal of a request while too much waits to be published; every request comes in when absent. */
  readonly backlog?: (request: IncomingMessage) => Refusal | undefined;
  /** Called for each request that is refused before a route sees it. */
  readonly onRefused?: (reason: RefusalReason) => void;
  /** Called for each request that is over and was for none of the runtime's own paths, refused ones included. */
  readonly onAnswered?: (answered: Answered) => void;
}

/** A request that is over. */
export interface Answered {
  readonly method: string;
  /** Undefined when the caller went away before there was an answer. */
  readonly status: number | undefined;
  readonly seconds: number;
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

/** How often connections are looked at that take too long. */
const LONGEST_CHECK_MS = 1_000;

/**
 * Starts to listen.
 *
 * @throws `CONFIG_INVALID` when the address cannot be had, and why
 */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const { host, port, answers, log, limits = standardLimits() } = options;
  const { backlog = () => undefined, onRefused = () => undefined, onAnswered = () => undefined } = options;
  const answerOwn = ownPaths(answers);
  const admit = createAdmission(limits, backlog);
  let listener: RequestListener | "starting" | "stopping" = "starting";
  let inHand = 0;
  let idle = (): void => undefined;

  const refused = (request: IncomingMessage, response: ServerResponse, { reason, problem }: Refusal): void => {
    onRefused(reason);
    // What is left of a body is read and forgotten, unless nobody knows how much that is.
    const isBounded = request.headers["transfer-encoding"] === undefined && reason !== "body";
    if (!isBounded) response.setHeader("connection", "close");
    sendProblem(response, problem);
  };
  const serveService = (request: IncomingMessage, response: ServerResponse, client: string): void => {
    if (allowOrigin(request, response, limits.origins)) return;
    if (typeof listener === "string") return sendUnavailable(response, listener);
    const refusal = admit({ request, client, inHand });
    if (refusal !== undefined) return refused(request, response, refusal);
    inHand += 1;
    response.once("close", () => {
      inHand -= 1;
      if (inHand === 0) idle();
    });
    listener(request, response);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = identify(request, response);
    const { network, fromProxy } = clientOf(request, limits.trustedProxies);
    secure(request, response, { hstsSeconds: limits.hstsSeconds, fromProxy });
    const started = performance.now();
    let isOwn = false;
    response.once("close", () => {
      const ms = performance.now() - started;
      const { method = "GET" } = request;
      log.debug({ requestId, method, status: response.statusCode, ms: Math.round(ms) }, "answered");
      const status = response.headersSent ? response.statusCode : undefined;
      if (!isOwn) onAnswered({ method, status, seconds: ms / 1_000 });
    });
    if (refuseWithoutHost(request, response)) return onRefused("malformed");
    const oversized = refuseOversized(request, limits);
    if (oversized !== undefined) return refused(request, response, oversized);
    const own = answerOwn(request, response);
    isOwn = own !== undefined;
    if (own === undefined) serveService(request, response, network);
    else await own;
  };

  const slowest = Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs);
  const settings = {
    // Answered here, as a problem document.
    requireHostHeader: false,
    maxHeaderSize: limits.headers,
    headersTimeout: slowest,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(LONGEST_CHECK_MS, slowest / 4),
  };
  const server = createServer(settings, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      const requestId = response.getHeader("x-request-id");
      log.error({ err: error, requestId, path: pathOf(request) }, "a request failed");
      sendProblem(response, {
        status: 500,
        title: "Internal Server Error",
        code: "INTERNAL",
        detail: "The service failed; its log says why, under this request id.",
      });
    });
  });
  server.maxConnections = limits.connections;
  // Node leaves out what is beyond in silence: one more is kept, so that it can be refused.
  server.maxHeadersCount = limits.headerCount + 1;
  answerNoRequests(server, log, onRefused);
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

function sendUnavailable(response: ServerResponse, phase: "starting" | "stopping"): void {
  if (phase === "stopping") response.setHeader("connection", "close");
  sendProblem(response, {
    status: 503,
    title: "Service Unavailable",
    code: "NOT_READY",
    detail: `The service is ${phase}; try again.`,
    retryAfterSeconds: 1,
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
