/** A connection that speaks the protocol of NATS by hand: it sends what no client library would. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A message down to its bytes. */
export interface RawBytes {
  readonly subject: string;
  /** The header block from `NATS/1.0` to the empty line, as it goes onto the wire. */
  readonly headers: Uint8Array;
  readonly data: Uint8Array;
}

/** What the server made of a message. */
export type RawAnswer =
  | { readonly kind: "stored"; readonly sequence: number }
  | { readonly kind: "refused"; readonly words: string };

/** An open connection. */
export interface RawNats {
  /** Publishes and waits for the answer of the message's stream, or for the server to end the connection over it. */
  publish(message: RawBytes): Promise<RawAnswer>;
  close(): void;
}

const INBOX = "_INBOX.raw";

/** Speaks to a server that asks for no login. A connection that the server ends over a message is replaced for the next. */
export function openRawNats(url: string): RawNats {
  let link: Promise<Link> | undefined;
  return {
    publish: async (message) => {
      link ??= openLink(url);
      const answer = await (await link).publish(message);
      if (answer.kind === "refused" && (await link).socket.destroyed) link = undefined;
      return answer;
    },
    close: () => void link?.then(({ socket }) => socket.destroy()),
  };
}

interface Link extends Pick<RawNats, "publish"> {
  readonly socket: Socket;
}

async function openLink(url: string): Promise<Link> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  const waiting = new Map<string, (answer: RawAnswer) => void>();
  const ended = Promise.withResolvers<RawAnswer>();
  let complaint = "without a word";
  readLines(socket, (words, body) => {
    if (words[0] === "-ERR") complaint = words.join(" ");
    waiting.get(words[1] ?? "")?.(answerOf(body));
    waiting.delete(words[1] ?? "");
  });
  socket.on("error", () => undefined);
  socket.on("close", () => ended.resolve({ kind: "refused", words: `the connection was ended: ${complaint}` }));
  socket.write(`CONNECT {"verbose":false,"headers":true,"no_responders":true}\r\nSUB ${INBOX}.* 1\r\n`);
  let count = 0;
  return {
    socket,
    publish: async ({ subject, headers, data }) => {
      count += 1;
      const reply = `${INBOX}.${count}`;
      const answer = new Promise<RawAnswer>((resolve) => waiting.set(reply, resolve));
      const size = headers.byteLength + data.byteLength;
      const head = `HPUB ${subject} ${reply} ${headers.byteLength} ${size}\r\n`;
      socket.write(Buffer.concat([Buffer.from(head), headers, data, Buffer.from("\r\n")]));
      return Promise.race([answer, ended.promise]);
    },
  };
}

/** Calls back for each line of the server, with the body that belongs to it. */
function readLines(socket: Socket, onLine: (words: readonly string[], body: string) => void): void {
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
      const words = rest.subarray(0, end).toString().split(" ");
      const size = words[0] === "MSG" || words[0] === "HMSG" ? Number(words.at(-1)) + 2 : 0;
      if (rest.byteLength < end + 2 + size) return;
      const body = rest.subarray(end + 2, end + size).toString();
      rest = rest.subarray(end + 2 + size);
      if (words[0] === "PING") socket.write("PONG\r\n");
      onLine(words, body);
    }
  });
}

/** `{"stream":"S","seq":7}`, or with an `error`; a refusal has a sequence as well, 0. */
function answerOf(text: string): RawAnswer {
  const [, sequence] = /"seq":([1-9]\d*)/.exec(text) ?? [];
  if (sequence === undefined || text.includes('"error":')) return { kind: "refused", words: text };
  return { kind: "stored", sequence: Number(sequence) };
}
