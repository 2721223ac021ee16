/** What groups dead letters that failed for one reason. */
import { createHash } from "node:crypto";

/** Where something failed, and how. */
export interface Fault {
  readonly service: string;
  /** The event's channel key. */
  readonly channel: string;
  readonly code: string;
  /** The error's words, in one line. */
  readonly words: string;
}

/** What differs from one message to the next: ids, numbers, hashes. In this order: an id is no number. */
const VARIABLE = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|0x[0-9a-f]+|\b(?=[a-f]*\d)[0-9a-f]{8,}\b|\d+/gi;

/** The same 12 hex digits for failures that differ only in ids and numbers; never the version of the event. */
export function fingerprintOf({ service, channel, code, words }: Fault): string {
  const reason = words.replace(VARIABLE, "*");
  const hash = createHash("sha256").update(JSON.stringify([service, channel, code, reason]));
  return hash.digest("hex").slice(0, 12);
}
