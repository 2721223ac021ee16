/** Services: what each publishes and handles, and the durables that its handling takes. */
import { compareText } from "../diagnostic.ts";
import type { ChannelSpec, Contract, OperationSpec } from "../spec/contract.ts";
import type { Pointer } from "../spec/pointer.ts";
import { channelsOf } from "../spec/roles.ts";
import type { Priority } from "./delivery.ts";
import type { Consumer, Service, Subscription } from "./model.ts";
import {
  deadLetterSubjectOf,
  durableOf,
  eventNameOf,
  evolutionsTypeOf,
  fileNameOf,
  handlersTypeOf,
  type Names,
  publishesTypeOf,
  replaySubjectOf,
  subjectOf,
} from "./names.ts";

/**
 * Deliveries that the server allows beyond the attempts that the contract does. It counts every delivery, also one
 * that never reached a handler: handed to a process that died or stopped first, or lost on the way. A message that
 * kills its process spends those of all its neighbours, four at a time. The runtime counts runs where a crash cannot
 * hide them; this is for what no process ever answers, and wide, because the server gives up without a word.
 */
const DELIVERY_SLACK = 100;

/** Unacknowledged messages that a durable may have: enough for forty processes that are all busy, and never few. */
const MIN_ACK_PENDING = 1_000;
const BUSY_PROCESSES = 40;

/** Every service that an operation names, sorted. */
export function buildServices(contract: Contract, names: Names): readonly Service[] {
  const events = new Set(channelsOf(contract, "event"));
  const places = new Map<string, Pointer>();
  for (const { service } of contract.operations) {
    if (service !== undefined && !places.has(service.value)) places.set(service.value, service.at);
  }
  return [...places]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([name, at]) => {
      takeNames(name, at, names);
      const operations = contract.operations.filter(
        ({ service, channel }) => service?.value === name && events.has(channel),
      );
      return {
        name,
        file: fileNameOf(name),
        handlersType: handlersTypeOf(name),
        publishesType: publishesTypeOf(name),
        evolutionsType: evolutionsTypeOf(name),
        publishes: operations
          .filter(({ action }) => action === "send")
          .map(({ channel }) => channel.key)
          .toSorted(compareText),
        handles: operations
          .filter(({ action }) => action === "receive")
          .map((operation) => buildSubscription(name, operation, names))
          .toSorted((a, b) => compareText(a.channel, b.channel)),
      };
    });
}

/** Every durable that the services need, sorted. */
export function buildConsumers(contract: Contract): readonly Consumer[] {
  const events = new Set(channelsOf(contract, "event"));
  return contract.operations
    .filter(({ action, channel }) => action === "receive" && events.has(channel))
    .flatMap((operation) => versionsOf(operation).map((version) => buildConsumer(operation, version)))
    .toSorted((a, b) => compareText(a.durable, b.durable));
}

function takeNames(name: string, at: Pointer, names: Names): void {
  const what = `the service ${name}`;
  names.checkValueKey(name, at, "a service");
  names.take("value", name, at, what);
  names.take("file in services/", fileNameOf(name), at, what);
  names.take("type", handlersTypeOf(name), at, what);
  names.take("type", publishesTypeOf(name), at, what);
  names.take("type", evolutionsTypeOf(name), at, what);
}

function buildSubscription(service: string, operation: OperationSpec, names: Names): Subscription {
  const { channel, consumer, retry } = operation;
  const deadLetters = operation.deadLetter?.value?.address?.value ?? "";
  return {
    channel: channel.key,
    pointer: operation.at,
    durables: versionsOf(operation).map((version) => {
      const name = durableOf(service, channel.key, version);
      names.take("durable", name, operation.at, `${operation.key}'s version ${version}`);
      const replaySubject = channel.owner === undefined ? {} : { replaySubject: replaySubjectFor(channel, name) };
      const deadLetterSubject = deadLetterSubjectOf(deadLetters, service, channel.key, version);
      return { name, version, deadLetterSubject, ...replaySubject };
    }),
    ackWaitMs: consumer.ackWaitMs,
    concurrency: consumer.concurrency,
    orderedByKey: consumer.orderedByKey,
    priority: priorityOf(consumer),
    retry: {
      maxAttempts: retry.maxAttempts,
      strategy: retry.strategy,
      delayMs: retry.delayMs,
      maxDelayMs: retry.maxDelayMs,
      jitter: retry.jitter,
    },
  };
}

function buildConsumer({ channel, service, consumer, retry, deadLetter }: OperationSpec, version: number): Consumer {
  const address = channel.address?.value ?? "";
  const name = service?.value ?? "";
  const durable = durableOf(name, channel.key, version);
  const replaySubject = replaySubjectFor(channel, durable);
  const takesReplays = channel.owner === undefined || channel.owner.stream?.shared === true;
  return {
    stream: channel.stream?.value ?? "",
    durable,
    service: name,
    channel: channel.key,
    event: eventNameOf(address),
    version,
    filterSubjects: [subjectOf(address, version), ...(takesReplays ? [replaySubject] : [])],
    deadLetterSubject: deadLetterSubjectOf(deadLetter?.value?.address?.value ?? "", name, channel.key, version),
    replaySubject,
    orderedByKey: consumer.orderedByKey,
    ackWaitMs: consumer.ackWaitMs,
    maxAttempts: retry.maxAttempts,
    maxDeliver: retry.maxAttempts + DELIVERY_SLACK,
    maxAckPending: Math.max(MIN_ACK_PENDING, consumer.concurrency * BUSY_PROCESSES),
    priority: priorityOf(consumer),
  };
}

function priorityOf({ priority }: OperationSpec["consumer"]): Priority | undefined {
  if (priority?.policy !== "pinned") return priority && { policy: priority.policy };
  return { policy: priority.policy, timeoutMs: priority.timeoutMs };
}

/** The streams of others have one subject for all that is sent back to durables of other contracts. */
function replaySubjectFor({ owner, stream }: ChannelSpec, durable: string): string {
  return owner === undefined ? replaySubjectOf(durable) : replaySubjectOf(`${stream?.value ?? ""}.${durable}`);
}

/** The versions that an operation lists, newest first. */
function versionsOf(operation: OperationSpec): number[] {
  return operation.messages.flatMap(({ value }) => value.message.version?.number.value ?? []).toSorted((a, b) => b - a);
}
