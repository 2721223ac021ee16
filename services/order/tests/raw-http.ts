/** A client that puts bytes on a socket and reads what comes back, whether or not either is HTTP. */
import { connect } from "node:net";

/** What came back, as far as it is an answer of HTTP. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/**
 * Sends bytes and waits for the server to close the connection. Answers the first answer; undefined when there was
 * none.
 *
 * @param patienceMs after so long without an answer this side is closed: for bytes that may be no whole request, to
 *   which the server would listen for half a minute
 */
export async function sendBytes(
  port: number,
  bytes: Uint8Array | string,
  patienceMs?: number,
): Promise<RawAnswer | undefined> {
  const socket = connect({ port, host: "127.0.0.1" });
  const received: Buffer[] = [];
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("data", (chunk) => received.push(chunk));
  // The server may end the connection while bytes are still on their way to it.
  socket.on("error", () => undefined);
  socket.write(bytes);
  if (patienceMs !== undefined) {
    const timer = setTimeout(() => socket.end(), patienceMs);
    socket.once("data", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
  }
  await closed;
  return answerOf(Buffer.concat(received).toString());
}

function answerOf(text: string): RawAnswer | undefined {
  // What was promised with 100 is in the answer after it.
  const [head = "", ...rest] = text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, "").split("\r\n\r\n");
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(head) ?? [];
  if (status === undefined) return undefined;
  const [, contentType = ""] = /\r\ncontent-type: ([^\r]*)/i.exec(head) ?? [];
  return { status: Number(status), contentType, text: rest.join("\r\n\r\n") };
}
