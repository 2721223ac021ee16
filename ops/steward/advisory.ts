/** What the server says when it gives a message up. */

/** A message that a durable used up its deliveries of. */
export interface Advisory {
  readonly stream: string;
  readonly consumer: string;
  readonly sequence: number;
  readonly deliveries: number;
  /** When the server gave it up, milliseconds since the epoch. */
  readonly at: number;
}

const utf8 = new TextDecoder();

/** Reads an advisory; undefined when it is none of messages given up. */
export function readAdvisory(data: Uint8Array): Advisory | undefined {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(data));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { stream, consumer, stream_seq: sequence, deliveries, timestamp }: Record<string, unknown> = { ...value };
  const at = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
  if (typeof stream !== "string" || typeof consumer !== "string") return undefined;
  if (!isCount(sequence) || !isCount(deliveries) || Number.isNaN(at)) return undefined;
  return { stream, consumer, sequence, deliveries, at };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}
