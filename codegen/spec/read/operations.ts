/** Reads operations with their traits. */
import type {
  ChannelSpec,
  ConsumerSpec,
  HttpSpec,
  MessageUse,
  OperationSpec,
  PrioritySpec,
  ReplySpec,
  RetrySpec,
  Said,
} from "../contract.ts";
import { child, children, definedAs, type Node, said, text, withTraits } from "../node.ts";
import { placeIn, shownPlace, under } from "../pointer.ts";
import type { Report } from "../report.ts";
import { durationOf, numberOf, saidText } from "./values.ts";

const ACK_WAIT_MS = 30_000;
const CONCURRENCY = 16;
const MAX_ATTEMPTS = 5;
const PIN_TIMEOUT_MS = 30_000;
const DELAY_MS = 1_000;
const MAX_DELAY_MS = 20_000;

export function readOperations(root: Node, channels: readonly ChannelSpec[], report: Report): readonly OperationSpec[] {
  const byPlace = new Map(channels.map((channel) => [channel.at, channel]));
  return children(child(root, "operations")).flatMap(([key, node]): OperationSpec[] => {
    const layers = withTraits(node);
    const named = child(node, "channel");
    const channel = byPlace.get(named?.at ?? "");
    if (channel === undefined) {
      if (isInline(named, report)) return [];
      report.error("REF_KIND", under(node.at, "channel"), `what ${key} names is none of the channels`, hintFor(named));
      return [];
    }
    const listed = child(node, "messages");
    return [
      {
        key,
        at: node.at,
        action: text(child(node, "action")) === "send" ? "send" : "receive",
        channel,
        title: text(said(layers, "title")),
        summary: text(said(layers, "summary")),
        description: text(said(layers, "description")),
        messages:
          listed === undefined
            ? channel.messages.map((value) => ({ value, at: value.at }))
            : listedMessages(listed, channel.messages, channel, report),
        listsMessages: listed !== undefined,
        service: saidText(said(layers, "x-service")),
        consumer: readConsumer(layers),
        retry: readRetry(layers),
        deadLetter: readDeadLetter(layers, byPlace),
        http: readHttp(layers),
        reply: readReply(layers, byPlace, report),
      },
    ];
  });
}

/**
 * Whether a channel or a message is written where one is to be named, which AsyncAPI forbids and its parser takes; then
 * it is reported.
 */
function isInline(node: Node | undefined, report: Report): boolean {
  if (node === undefined || node.at !== node.via || report.strict) return false;
  const message = "a channel or message that is written where one is to be named is unsupported";
  const hint = "Write it under channels, and here { $ref: '#/channels/...' }.";
  report.error("OPERATION_UNSUPPORTED", { at: node.via, side: "name" }, message, hint);
  return true;
}

/** AsyncAPI lets an operation name channels of its own document only, and those may be references. */
function hintFor(channel: Node | undefined): string {
  if (channel === undefined || placeIn(channel.at).file === "") return "Write channel: { $ref: '#/channels/...' }.";
  const name = definedAs(channel);
  return `Write channels: { ${name}: { $ref: '${shownPlace(channel.at)}' } }, and here { $ref: '#/channels/${name}' }.`;
}

/** The messages that a list of references names, of one channel or, where none is named, of any. */
function listedMessages(
  list: Node,
  carried: readonly MessageUse[],
  channel: ChannelSpec | undefined,
  report: Report,
): Said<MessageUse>[] {
  return children(list).flatMap(([, node]) => {
    const value = carried.find((use) => use.message.at === node.at);
    if (value !== undefined) return [{ value, at: node.via }];
    if (isInline(node, report)) return [];
    const where = channel?.key ?? "any channel";
    const hint = `Write { $ref: '#/channels/${channel?.key ?? "..."}/messages/...' }.`;
    report.error("OPERATION_MESSAGES", node.via, `this is no message of ${where}`, hint);
    return [];
  });
}

/** What a consumer does that says nothing of it. */
export function defaultsOfOperation(): Pick<OperationSpec, "consumer" | "retry"> {
  return { consumer: readConsumer([]), retry: readRetry([]) };
}

function readConsumer(layers: readonly Node[]): ConsumerSpec {
  return {
    ackWaitMs: durationOf(said(layers, "x-consumer", "ackWait")) ?? ACK_WAIT_MS,
    concurrency: numberOf(said(layers, "x-consumer", "concurrency")) ?? CONCURRENCY,
    orderedByKey: text(said(layers, "x-consumer", "ordered")) === "by-key",
    priority: readPriority(layers),
  };
}

function readPriority(layers: readonly Node[]): PrioritySpec | undefined {
  const policy = text(said(layers, "x-consumer", "priority", "policy"));
  if (policy !== "prioritized" && policy !== "overflow" && policy !== "pinned") return undefined;
  const timeout = said(layers, "x-consumer", "priority", "timeout");
  return { policy, timeoutMs: durationOf(timeout) ?? PIN_TIMEOUT_MS, timeoutAt: timeout?.at };
}

function readRetry(layers: readonly Node[]): RetrySpec {
  const strategy = (member: string): Node | undefined => said(layers, "x-retry", "strategy", member);
  const delayMs = durationOf(strategy("delay")) ?? DELAY_MS;
  return {
    at: (strategy("maxDelay") ?? said(layers, "x-retry") ?? layers[0])?.at ?? "",
    maxAttempts: numberOf(said(layers, "x-retry", "maxAttempts")) ?? MAX_ATTEMPTS,
    strategy: text(strategy("type")) === "fixed" ? "fixed" : "exponential",
    delayMs,
    maxDelayMs: durationOf(strategy("maxDelay")) ?? Math.max(MAX_DELAY_MS, delayMs),
    jitter: strategy("jitter")?.value !== false,
  };
}

function readDeadLetter(
  layers: readonly Node[],
  byPlace: ReadonlyMap<string, ChannelSpec>,
): OperationSpec["deadLetter"] {
  const channel = said(layers, "x-dead-letter", "channel");
  return channel === undefined ? undefined : { value: byPlace.get(channel.at), at: channel.via };
}

function readHttp(layers: readonly Node[]): HttpSpec | undefined {
  const binding = said(layers, "bindings", "http");
  if (binding === undefined) return undefined;
  return {
    at: binding.at,
    method: saidText(said(layers, "bindings", "http", "method")),
    query: said(layers, "bindings", "http", "query")?.at,
  };
}

function readReply(
  layers: readonly Node[],
  byPlace: ReadonlyMap<string, ChannelSpec>,
  report: Report,
): ReplySpec | undefined {
  const reply = said(layers, "reply");
  if (reply === undefined) return undefined;
  const named = child(reply, "channel");
  const channel = byPlace.get(named?.at ?? "");
  if (named !== undefined && channel === undefined && !isInline(named, report)) {
    report.error(
      "REF_KIND",
      named.via,
      "what the reply names is none of the channels",
      "Write channel: { $ref: '#/channels/...' }.",
    );
  }
  const listed = child(reply, "messages");
  const all = (channel?.messages ?? []).map((value) => ({ value, at: value.at }));
  const address = readReplyAddress(reply);
  if (listed === undefined || (named !== undefined && channel === undefined))
    return { at: reply.at, channel, address, messages: all };
  const carried = channel?.messages ?? [...byPlace.values()].flatMap(({ messages }) => messages);
  return { at: reply.at, channel, address, messages: listedMessages(listed, carried, channel, report) };
}

function readReplyAddress(reply: Node): ReplySpec["address"] {
  const location = text(child(reply, "address", "location"));
  return location === undefined ? undefined : { location, description: text(child(reply, "address", "description")) };
}
