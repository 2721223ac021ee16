/** A letter made ready for its way back, or why it has none. */
import { TandemError } from "@tandem/runtime";
import { type Admin, type MessageHeaders, originalHeaders, peekEventId, readEnvelope } from "@tandem/runtime/admin";
import type { TopologyMessage } from "../topology.ts";
import { readBody } from "./body.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Letter } from "./letter.ts";
import type { Schemas } from "./schemas.ts";

/** The message that was given up. */
export interface Original {
  /** Those of its entry: its own, and why it was given up. */
  readonly headers: MessageHeaders;
  /** The body, or why it is not there. */
  readonly body: Uint8Array | { readonly gone: string };
}

export type Prepared =
  /** It can go back. */
  | {
      readonly kind: "ready";
      readonly subject: string;
      readonly message: { readonly headers: MessageHeaders; readonly data: Uint8Array };
    }
  /** It would be given up at once for what it says. */
  | { readonly kind: "invalid"; readonly why: string }
  /** There is nobody to take it, or nothing left of it. */
  | { readonly kind: "impossible"; readonly why: string };

/** What is known besides the letters. */
export interface System {
  readonly admin: Admin;
  readonly catalogue: Catalogue;
  readonly schemas: Schemas;
}

/** The message that a letter is about. A body that was too large to be kept with it is looked for where it came from. */
export async function originalOf(admin: Admin, { latest }: Letter): Promise<Original> {
  const stored = await admin.message(latest.stream, latest.sequence);
  if (stored === undefined) return { headers: {}, body: { gone: `its entry is gone from ${latest.stream}` } };
  const { headers, data } = stored;
  if (latest.omitted === undefined) return { headers, body: data };
  const { stream, sequence } = latest.source;
  const source = sequence > 0 ? await admin.message(stream, sequence) : undefined;
  // A stream that was made anew counts from 1 again.
  if (source !== undefined && peekEventId(source.headers) === peekEventId(headers))
    return { headers, body: source.data };
  const gone = `its body (${latest.omitted}) was too large to be kept with it, and ${stream} ${sequence} is gone`;
  return { headers, body: { gone } };
}

/** Answers what becomes of letters that are sent back, with a body of one's own or theirs. Looks at each durable once. */
export function createPreparation({
  admin,
  catalogue,
  schemas,
}: System): (letter: Letter, body?: Uint8Array) => Promise<Prepared> {
  const ways = new Map<string, Promise<Way>>();
  const wayOf = async (letter: Letter): Promise<Way> => {
    const { durable } = letter.latest;
    const way = ways.get(durable) ?? findWay(admin, catalogue, letter);
    ways.set(durable, way);
    return way;
  };
  return async (letter, own) => {
    const way = await wayOf(letter);
    if ("none" in way) return { kind: "impossible", why: way.none };
    const { headers, body } = await originalOf(admin, letter);
    const data = own ?? body;
    if ("gone" in data) return { kind: "impossible", why: data.gone };
    const expected = catalogue.messageOf(letter.latest.channel, letter.latest.version);
    const message = { headers, data };
    const why = expected && faultsOf(message, expected, schemas);
    return why === undefined ? { kind: "ready", ...way, message } : { kind: "invalid", why };
  };
}

type Way = { readonly subject: string } | { readonly none: string };

/** The way to the one durable that gave a letter up. */
async function findWay(admin: Admin, catalogue: Catalogue, { latest }: Letter): Promise<Way> {
  const { origin, service, durable } = latest;
  if (origin === "publisher")
    return { none: `${service} published it and no durable gave it up; only what the event says could be changed` };
  const consumer = catalogue.consumerOf(latest);
  if (consumer === undefined)
    return { none: `the contract has no durable ${durable || "that is named in it"} any more` };
  const { stream, replaySubject } = consumer;
  if (!consumer.filterSubjects.includes(replaySubject)) {
    const todo = `its contract says so with shared: true on ${stream}`;
    return { none: `${stream} is another contract's and takes nothing back from readers of others; ${todo}` };
  }
  const info = await admin.durable(stream, durable);
  if (info === undefined) return { none: `durable ${durable} of ${stream} is gone; tandem provision makes it` };
  const { filterSubjects } = info.settings;
  if (filterSubjects.length > 0 && !filterSubjects.includes(replaySubject))
    return { none: `durable ${durable} of ${stream} does not read ${replaySubject}; run tandem provision` };
  return { subject: replaySubject };
}

/** What the service would find wrong with a message, in the order in which it looks. */
function faultsOf(
  { headers, data }: { readonly headers: MessageHeaders; readonly data: Uint8Array },
  message: TopologyMessage,
  schemas: Schemas,
): string | undefined {
  const body = readBody(data);
  if (!("value" in body)) return `the body, ${data.byteLength} bytes, is not JSON in UTF-8`;
  const faults = schemas.faultsOf(message, body.value);
  if (faults !== undefined) return faults;
  try {
    readEnvelope(originalHeaders(headers), body.value, message, message);
    return undefined;
  } catch (error) {
    if (error instanceof TandemError) return error.message;
    throw error;
  }
}
