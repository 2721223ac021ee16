/** What the reply subject of a delivery says of it: JetStream writes the facts there and nowhere else. */

/** The facts of one delivery. */
export interface AckSubject {
  /** Deliveries of this message to this durable, this one included. */
  readonly deliveryCount: number;
  /** The position in the stream. */
  readonly sequence: number;
  /** When it was stored, whole milliseconds since the epoch. */
  readonly storedAt: number;
}

/**
 * Reads `$JS.ACK.<stream>.<durable>.<deliveries>.<sequence>.<delivery sequence>.<nanoseconds>.<pending>`,
 * or the newer form with domain and account hash before the stream. Undefined when it is neither.
 */
export function readAckSubject(reply: string): AckSubject | undefined {
  const tokens = reply.split(".");
  const start = tokens.length === 9 ? 4 : 6;
  const nanoseconds = tokens[start + 3];
  if (tokens[0] !== "$JS" || tokens[1] !== "ACK" || (tokens.length !== 9 && tokens.length < 11)) return undefined;
  const facts = {
    deliveryCount: Number(tokens[start]),
    sequence: Number(tokens[start + 1]),
    // As a number, nanoseconds since the epoch are off by hundreds: cut the digits before converting.
    storedAt: Number(nanoseconds?.slice(0, -6)),
  };
  return Object.values(facts).every(Number.isSafeInteger) ? facts : undefined;
}
