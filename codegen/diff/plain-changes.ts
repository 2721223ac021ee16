/**
 * Changes of channels that are no events: of documents without our extensions, and of requests and replies. Who is at
 * the other end is not known, so what is sent must stay readable to whoever reads it, and what may come must be read.
 */
import type { Channel, Message, Model, NamedSchema, Operation } from "../model/model.ts";
import { under } from "../spec/pointer.ts";
import type { Change, Direction } from "./change.ts";
import { schemaChanges } from "./schema-changes.ts";
import { structural } from "./structure.ts";

const REMEDY = "Keep what others rely on, or send the new form as another message.";

/** A message where it travels. */
interface Carried {
  /** `user.signedup UserSignedUp`. */
  readonly subject: string;
  readonly message: Message;
  /** Whether an operation of the document sends it, and whether one takes it. */
  readonly sent: boolean;
  readonly received: boolean;
}

/** Every change of channels that are no events, of their messages, and of the operations on them. */
export function plainChanges(base: Model, current: Model): Change[] {
  const pairs = channelPairs(base, current);
  return [
    ...pairs.flatMap(({ before, after }) => [
      ...moves(before, after),
      ...parameterChanges(before, after, base, current),
      ...messageChanges(before, after, base, current),
    ]),
    ...current.channels.filter((one) => !pairs.some(({ after }) => after === one)).map(addition),
    ...base.channels.filter((one) => !pairs.some(({ before }) => before === one)).map(removal),
    ...operationChanges(base, current),
  ];
}

interface ChannelPair {
  readonly before: Channel;
  readonly after: Channel;
}

/** The channels of both contracts, by name or, where one has another name, by address. */
function channelPairs({ channels: old }: Model, { channels: now }: Model): ChannelPair[] {
  const isKept = ({ key }: Channel): boolean => now.some((one) => one.key === key);
  return now.flatMap((after) => {
    const before =
      old.find(({ key }) => key === after.key) ??
      old.find((one) => one.address !== undefined && one.address === after.address && !isKept(one));
    return before === undefined ? [] : [{ before, after }];
  });
}

function addition(channel: Channel): Change {
  const { pointer: at } = channel;
  return structural({ kind: "channel-added", subject: nameOf(channel), what: "is new", at, verdict: "compatible" });
}

function removal(channel: Channel): Change {
  return structural({
    kind: "channel-removed",
    subject: nameOf(channel),
    what: "is removed, and others still use it",
    at: "/channels",
    verdict: "breaking",
    hint: "Put it back until nobody uses it.",
  });
}

function moves(before: Channel, after: Channel): Change[] {
  if (shapeOf(before) === shapeOf(after)) return [];
  return [
    structural({
      kind: "channel-moved",
      subject: nameOf(after),
      what: `was at ${nameOf(before)}, where others still look for it`,
      at: under(after.pointer, "address"),
      verdict: "breaking",
      hint: "Keep the old channel beside the new one until nobody uses it.",
    }),
  ];
}

function parameterChanges(before: Channel, after: Channel, base: Model, current: Model): Change[] {
  if (before.parameters === undefined || after.parameters === undefined || shapeOf(before) !== shapeOf(after))
    return [];
  const subject = `${nameOf(after)} parameters`;
  return schemasOf(subject, before.parameters, after.parameters, ["backward", "forward"], base, current);
}

function messageChanges(before: Channel, after: Channel, base: Model, current: Model): Change[] {
  const [old, now] = [carriedBy(before, base), carriedBy(after, current)];
  return [
    ...now.flatMap((carried) => {
      const { subject, message } = carried;
      const earlier = old.find((one) => one.message.key === message.key);
      if (earlier !== undefined) return contentChanges(earlier, carried, base, current);
      const what = carried.sent ? "is new: who reads the channel meets it" : "is new";
      return [structural({ kind: "message-added", subject, what, at: message.pointer, verdict: "compatible" })];
    }),
    ...old
      .filter(({ message }) => !now.some((one) => one.message.key === message.key))
      .map(({ message, received }) =>
        structural({
          kind: "message-removed",
          subject: `${nameOf(after)} ${message.key}`,
          what: received ? "is removed, and may still come" : "is removed, and no longer sent",
          at: under(after.pointer, "messages"),
          verdict: received ? "breaking" : "compatible",
          hint: "Take it for as long as somebody sends it.",
        }),
      ),
  ];
}

function contentChanges(before: Carried, after: Carried, base: Model, current: Model): Change[] {
  const { subject, message } = after;
  const directions: readonly Direction[] = [
    ...(after.received ? (["backward"] as const) : []),
    ...(after.sent ? (["forward"] as const) : []),
  ];
  const parts = [
    ["", before.message.body, message.body],
    [" headers", before.message.headers, message.headers],
  ] as const;
  return [
    ...contentTypeChanges(before, after),
    ...parts.flatMap(([part, old, now]) => {
      if (old === undefined && now === undefined) return [];
      // What nothing is said of may be anything.
      const open = { typeName: "", pointer: message.pointer, schema: true, examples: [] };
      return schemasOf(`${subject}${part}`, old ?? open, now ?? open, directions, base, current);
    }),
  ];
}

function contentTypeChanges({ message: { contentType: was } }: Carried, { subject, message }: Carried): Change[] {
  const { contentType: is, pointer } = message;
  if (was === undefined || is === undefined || was === is) return [];
  const what = `is written as ${is} instead of ${was}`;
  const at = under(pointer, "contentType");
  return [structural({ kind: "content-type-changed", subject, what, at, verdict: "breaking", hint: REMEDY })];
}

function operationChanges(base: Model, current: Model): Change[] {
  const [old, now] = [operationsOf(base), operationsOf(current)];
  const isSame = (a: Operation, b: Operation): boolean => a.action === b.action && a.channel.key === b.channel.key;
  return [
    ...now
      .filter((operation) => !old.some((other) => isSame(operation, other)))
      .map((operation) =>
        structural({
          kind: "operation-added",
          subject: nameOf(operation.channel),
          what: `${operation.action === "send" ? "is sent to" : "is read"} by ${operation.key}, which is new`,
          at: operation.pointer,
          verdict: "compatible",
        }),
      ),
    ...old
      // Where the channel is gone that was said.
      .filter(({ channel }) => current.channels.some(({ key }) => key === channel.key))
      .filter((operation) => !now.some((other) => isSame(operation, other)))
      .map((operation) =>
        structural({
          kind: "operation-removed",
          subject: nameOf(operation.channel),
          what: `is no longer ${operation.action === "send" ? "sent to" : "read"} by ${operation.key}, which others count on`,
          at: "/operations",
          verdict: "breaking",
          hint: "Put it back until nobody counts on it.",
        }),
      ),
  ];
}

function operationsOf({ applications }: Model): readonly Operation[] {
  return applications.flatMap(({ operations }) => operations);
}

/** The messages of a channel, each with what the operations of the document do with it. */
function carriedBy(channel: Channel, model: Model): readonly Carried[] {
  const sent = new Set<string>();
  const received = new Set<string>();
  for (const { action, channel: through, messages, reply } of operationsOf(model)) {
    const [out, back] = action === "send" ? [sent, received] : [received, sent];
    if (through.key === channel.key) for (const { key } of messages) out.add(key);
    if (reply?.channel?.key === channel.key) for (const { key } of reply.messages) back.add(key);
  }
  return channel.messages.map((message) => {
    const isKnown = sent.has(message.key) || received.has(message.key);
    return {
      subject: `${nameOf(channel)} ${message.key}`,
      message,
      // Of a message that no operation names nobody knows who does what with it.
      sent: !isKnown || sent.has(message.key),
      received: !isKnown || received.has(message.key),
    };
  });
}

function schemasOf(
  subject: string,
  old: NamedSchema,
  now: NamedSchema,
  directions: readonly Direction[],
  base: Model,
  current: Model,
): Change[] {
  return schemaChanges({
    subject,
    prefix: subject.replaceAll(/\s+/g, ":"),
    before: { schema: old.schema, pointer: old.pointer, model: base },
    after: { schema: now.schema, pointer: now.pointer, model: current },
    directions,
    asked: directions,
    acknowledged: undefined,
    remedy: REMEDY,
  });
}

function nameOf({ address, key }: Channel): string {
  return address ?? key;
}

/** What a parameter is called does not show in an address that is filled in. */
function shapeOf(channel: Channel): string {
  return nameOf(channel).replaceAll(/\{[^}]*\}/g, "{}");
}
