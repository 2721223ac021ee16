/** Answers to what never becomes a request: bytes that are not HTTP, and requests that Node would answer with an empty body. */
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import type { RefusalReason } from "./admission.ts";
import { sendProblem, textOf, type ProblemAnswer } from "./problem.ts";
import { identify, makeRequestId, REQUEST_ID } from "./request-id.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

const MALFORMED: ProblemAnswer = {
  status: 400,
  title: "Bad Request",
  code: "REQUEST_MALFORMED",
  detail: "This is not HTTP as RFC 9112 has it.",
};
const METHOD_UNKNOWN: ProblemAnswer = { ...MALFORMED, detail: "The method is none that HTTP knows." };
const HEADERS_TOO_LARGE: ProblemAnswer = {
  status: 431,
  title: "Request Header Fields Too Large",
  code: "HEADERS_TOO_LARGE",
  detail: "The headers and the path together are larger than this service reads.",
};
const TOO_SLOW: ProblemAnswer = {
  status: 408,
  title: "Request Timeout",
  code: "REQUEST_TIMEOUT",
  detail: "The request did not arrive in time.",
};
const NO_TUNNEL: ProblemAnswer = {
  status: 405,
  title: "Method Not Allowed",
  code: "METHOD_NOT_ALLOWED",
  detail: "This is no proxy: CONNECT leads nowhere.",
};

/** Whether a request lacks the Host that HTTP/1.1 demands; then it is answered. Its server must not look itself. */
export function refuseWithoutHost({ headers, httpVersion }: IncomingMessage, response: ServerResponse): boolean {
  if (headers.host !== undefined || httpVersion !== "1.1") return false;
  response.setHeader("connection", "close");
  sendProblem(response, { ...MALFORMED, detail: "A request of HTTP/1.1 has a Host header." });
  return true;
}

/**
 * Gives a server its answers to what never becomes a request.
 *
 * @param onRefused called for each of them
 */
export function answerNoRequests(server: Server, log: Logger, onRefused: (reason: RefusalReason) => void): void {
  /** The last answer on each connection. */
  const answers = new WeakMap<Duplex, ServerResponse>();
  const note = ({ socket }: IncomingMessage, response: ServerResponse): void => void answers.set(socket, response);
  server.prependListener("request", note);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // A caller that goes away is refused nothing.
    if (error.code === "ECONNRESET") return void socket.destroy();
    const requestId = makeRequestId();
    log.debug({ requestId, reason: error.code }, "refused what is no request");
    const last = answers.get(socket);
    // Nothing may be written into an answer that has begun, nor after one that said it was the last.
    const isSaid = last !== undefined && (last.writableFinished ? !last.shouldKeepAlive : last.headersSent);
    onRefused(reasonOf(error.code));
    if (!socket.writable || isSaid) socket.destroy();
    else endWith(socket, problemOf(error.code), requestId);
  });
  server.on("checkExpectation", (request: IncomingMessage, response: ServerResponse) => {
    note(request, response);
    identify(request, response);
    onRefused("malformed");
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    response.setHeader("connection", "close");
    sendProblem(response, {
      status: 417,
      title: "Expectation Failed",
      code: "EXPECTATION_UNKNOWN",
      detail: "The only expectation that is met is 100-continue.",
    });
  });
  server.on("connect", (_: IncomingMessage, socket: Duplex) => {
    socket.on("error", () => undefined);
    onRefused("malformed");
    endWith(socket, NO_TUNNEL, makeRequestId());
  });
}

function problemOf(code: string | undefined): ProblemAnswer {
  if (code === "HPE_HEADER_OVERFLOW") return HEADERS_TOO_LARGE;
  if (code === "HPE_INVALID_METHOD") return METHOD_UNKNOWN;
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? TOO_SLOW : MALFORMED;
}

function reasonOf(code: string | undefined): RefusalReason {
  if (code === "HPE_HEADER_OVERFLOW") return "headers";
  return code === "ERR_HTTP_REQUEST_TIMEOUT" ? "timeout" : "malformed";
}

function endWith(socket: Duplex, problem: ProblemAnswer, requestId: string): void {
  const body = textOf(problem, requestId);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries({ ...SECURITY_HEADERS, [REQUEST_ID]: requestId }).map(([name, value]) => `${name}: ${value}`),
    "connection: close",
  ];
  // Whoever never closes its side would keep the connection for ever.
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
