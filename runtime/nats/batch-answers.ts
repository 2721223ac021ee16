/** What the server's answer to the commit of an atomic batch means. */
import type { PublishAck } from "../broker.ts";
import { readAnswerBody } from "./publish-answers.ts";

/** An answer read. `stored before`: some of the ids are in the stream already, so the batch as a whole is not taken. */
export type BatchAnswer =
  | { readonly kind: "stored"; readonly acks: readonly PublishAck[] }
  | { readonly kind: "stored before" }
  | { readonly kind: "unsupported"; readonly words: string }
  | { readonly kind: "later"; readonly words: string }
  | { readonly kind: "refused"; readonly words: string };

const DUPLICATE_IN_BATCH = 10201;
/** 10174: the stream takes none. 10175, 10177, 10198 and the like are about batches that we do not make. */
const BATCHES_OFF = 10174;
/** Members did not arrive, as when the leader changes in between. */
const INCOMPLETE = 10176;

/** Reads the answer to the commit of a batch of `count` messages. */
export function readBatchAnswer(text: string, count: number): BatchAnswer {
  const answer = readAnswerBody(text);
  if (answer === undefined) return { kind: "later", words: "the answer was no acknowledgement of JetStream" };
  const body: unknown = JSON.parse(text);
  if (answer.kind !== "stored") {
    const code = memberOf(memberOf(body, "error"), "err_code");
    if (code === DUPLICATE_IN_BATCH) return { kind: "stored before" };
    if (code === BATCHES_OFF) return { kind: "unsupported", words: answer.words };
    return code === INCOMPLETE ? { kind: "later", words: answer.words } : answer;
  }
  const { stream, sequence } = answer.ack;
  if (memberOf(body, "count") !== count || typeof memberOf(body, "batch") !== "string") {
    return { kind: "unsupported", words: "the server stored the members one by one: it knows no batches" };
  }
  const first = sequence - count + 1;
  const acks = Array.from({ length: count }, (_, index) => ({ stream, sequence: first + index, duplicate: false }));
  return { kind: "stored", acks };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
