/** Names of streams and subjects on a server that several systems share. */
import type { Delivery, MessageHeaders, PublishAck } from "../broker.ts";

/** Between the names of the contract and those on the server. */
export interface WireNames {
  readonly namespace: string;
  stream(name: string): string;
  subject(name: string): string;
  /** Back again. */
  contractStream(name: string): string;
  contractSubject(name: string): string;
}

/** Names that begin with the namespace; as the contract says them when it is empty. */
export function wireNames(namespace: string): WireNames {
  const cut = (name: string, prefix: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const [stream, subject] = namespace === "" ? ["", ""] : [`${namespace}_`, `${namespace}.`];
  return {
    namespace,
    stream: (name) => `${stream}${name}`,
    subject: (name) => `${subject}${name}`,
    contractStream: (name) => cut(name, stream),
    contractSubject: (name) => cut(name, subject),
  };
}

/** A delivery or a stored message, under the names of the contract. */
export function fromWire<T extends Pick<Delivery, "stream" | "subject"> & { readonly headers: MessageHeaders }>(
  names: WireNames,
  message: T,
): T {
  const { stream, subject } = message;
  return { ...message, stream: names.contractStream(stream), subject: names.contractSubject(subject) };
}

/** An acknowledgement, under the names of the contract. */
export function ackFromWire(names: WireNames, ack: PublishAck): PublishAck {
  return { ...ack, stream: names.contractStream(ack.stream) };
}
