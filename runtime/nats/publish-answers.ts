/** What the server's answer to a publish means. */
import type { Msg } from "@nats-io/transport-node";
import type { PublishAck } from "../broker.ts";

/** An answer read: the message is stored, or may be once the broker has recovered, or never will. */
export type PublishAnswer =
  | { readonly kind: "stored"; readonly ack: PublishAck }
  | { readonly kind: "later"; readonly words: string }
  | { readonly kind: "refused"; readonly words: string };

/** An object of which nothing is known yet. */
type Unread = Readonly<Record<string, unknown>>;

/** No stream takes the subject and its stream has no leader look the same: nobody listens. */
export const NOBODY = {
  kind: "later",
  words:
    "nobody took it: either no stream takes this subject (run `npm run ops -- provision`), " +
    "or its stream has no leader at the moment",
} as const satisfies PublishAnswer;

/** Refusals that pass although their status is the caller's fault: 10002 account limits, 10158 same id in process. */
const PASSING = new Set<unknown>([10002, 10158]);

/** Reads one answer; undefined when it is none, and the message is then sent again in its time. */
export function readAnswer(message: Msg): PublishAnswer | undefined {
  return message.data.length === 0 && message.headers?.code === 503 ? NOBODY : readAnswerBody(message.string());
}

/** As `readAnswer`, of the text that a stream answers with. */
export function readAnswerBody(text: string): PublishAnswer | undefined {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(body)) return undefined;
  return isObject(body["error"]) ? readError(body["error"]) : readAck(body);
}

function readAck({ stream, seq, duplicate }: Unread): PublishAnswer | undefined {
  if (typeof stream !== "string" || typeof seq !== "number") return undefined;
  return { kind: "stored", ack: { stream, sequence: seq, duplicate: duplicate === true } };
}

function readError({ code, err_code: errorCode, description }: Unread): PublishAnswer {
  const words = `${String(description)} (NATS error ${String(errorCode)})`;
  // The server's own trouble, a full stream included, ends one day; the caller's does not.
  const passes = typeof code === "number" && (code >= 500 || code === 429);
  return { kind: passes || PASSING.has(errorCode) ? "later" : "refused", words };
}

function isObject(value: unknown): value is Unread {
  return typeof value === "object" && value !== null;
}
