/** Changes of how services take events, and what provisioning does about each. */
import type { Priority } from "../model/delivery.ts";
import type { Consumer, Model, Subscription } from "../model/model.ts";
import type { Acknowledgement } from "../spec/contract.ts";
import { under } from "../spec/pointer.ts";
import type { Change, StructureKind, Verdict } from "./change.ts";
import { acknowledgedOf, eventPairs } from "./event-changes.ts";
import { isSame } from "./same.ts";
import { span } from "./span.ts";
import { structural } from "./structure.ts";

/** One service's reading of one event, in both contracts. */
interface Reading {
  readonly service: string;
  readonly event: string;
  readonly before: Subscription;
  readonly after: Subscription;
  /** Of durables that are in both: `PARCELS/tracker-parcelSent-v1`. */
  readonly durables: readonly string[];
  /** How many messages may be in hand everywhere together, before and after. */
  readonly inHand: readonly [number, number];
  readonly acknowledged: readonly Acknowledgement[];
}

/** What is said of one setting; where nothing changed, nothing. */
interface Said {
  readonly kind: StructureKind;
  /** Members below the operation. */
  readonly at: readonly string[];
  readonly what: string;
  readonly verdict: Verdict;
  /** From what to what, for an acknowledgement. */
  readonly id?: string;
}

const IN_PLACE = "provisioning changes it in place";

/** What became of `x-consumer` and `x-retry`. A durable that is new or gone is told of as a reader. */
export function consumerChanges(base: Model, current: Model): Change[] {
  return readings(base, current).flatMap((reading) =>
    [ackWait, attempts, retry, concurrency, order, priority].flatMap((of) => {
      const said = of(reading);
      return said === undefined ? [] : [asChange(said, reading)];
    }),
  );
}

function asChange(
  { kind, at, what, verdict, id = "" }: Said,
  { service, event, after, acknowledged }: Reading,
): Change {
  const named = id === "" ? "" : `${service}:${id}`;
  const where = under(after.pointer, ...at);
  return structural({ kind, id: named, subject: event, what, at: where, verdict, acknowledged });
}

function readings(base: Model, current: Model): Reading[] {
  return eventPairs(base, current).flatMap((pair) =>
    current.services.flatMap(({ name: service, handles }): Reading[] => {
      const after = handles.find(({ channel }) => channel === pair.after.channel);
      const before = base.services
        .find(({ name }) => name === service)
        ?.handles.find(({ channel }) => channel === pair.before.channel);
      if (before === undefined || after === undefined) return [];
      const old = new Map(base.consumers.map((consumer) => [nameOf(consumer), consumer]));
      const kept = current.consumers.filter(
        (consumer) => consumer.service === service && consumer.channel === after.channel && old.has(nameOf(consumer)),
      );
      const [first] = kept;
      if (first === undefined) return [];
      return [
        {
          ...{ service, event: pair.after.name, before, after, durables: kept.map(nameOf) },
          inHand: [old.get(nameOf(first))?.maxAckPending ?? first.maxAckPending, first.maxAckPending],
          acknowledged: acknowledgedOf(pair.after),
        },
      ];
    }),
  );
}

function nameOf({ stream, durable }: Consumer): string {
  return `${stream}/${durable}`;
}

function ackWait({ service, before, after }: Reading): Said | undefined {
  if (before.ackWaitMs === after.ackWaitMs) return undefined;
  const order =
    after.ackWaitMs < before.ackWaitMs
      ? `; deploy ${service} first: a process of the release before says too seldom that it is at work, and what it has in hand comes twice`
      : "";
  const times = `${span(after.ackWaitMs)} instead of ${span(before.ackWaitMs)}`;
  const what = `is delivered to ${service} again after ${times} without a sign of life: ${IN_PLACE}${order}`;
  return { kind: "ack-wait-changed", at: ["x-consumer", "ackWait"], what, verdict: "compatible" };
}

function attempts({ service, before, after, durables }: Reading): Said | undefined {
  const [was, is] = [before.retry.maxAttempts, after.retry.maxAttempts];
  if (was === is) return undefined;
  const refusal = `provisioning refuses it while messages of it were delivered more than once, until ${allowing("max-deliver", durables)}, because the server may give those up without a dead letter`;
  return {
    kind: "attempts-changed",
    at: ["x-retry", "maxAttempts"],
    what: `runs ${is} times at most in ${service} instead of ${was}: ${is < was ? refusal : IN_PLACE}`,
    verdict: is < was ? "undecided" : "compatible",
    id: `${was}:${is}`,
  };
}

function retry({ service, before, after }: Reading): Said | undefined {
  const { maxAttempts: _, ...was } = before.retry;
  const { maxAttempts: __, ...is } = after.retry;
  if (isSame(was, is)) return undefined;
  const what = `waits otherwise before it runs again in ${service}: its processes do that, and no durable changes`;
  return { kind: "retry-changed", at: ["x-retry"], what, verdict: "compatible" };
}

function concurrency({ service, before, after, inHand: [was, is] }: Reading): Said | undefined {
  if (before.concurrency === after.concurrency) return undefined;
  const durable = was === is ? "no durable changes" : `${IN_PLACE} that ${is} may be in hand instead of ${was}`;
  const what = `runs ${after.concurrency} at once in a process of ${service} instead of ${before.concurrency}: ${durable}`;
  return { kind: "concurrency-changed", at: ["x-consumer", "concurrency"], what, verdict: "compatible" };
}

function order({ service, before, after }: Reading): Said | undefined {
  if (before.orderedByKey === after.orderedByKey) return undefined;
  const change = { kind: "order-changed", at: ["x-consumer", "ordered"], id: "by-key" } as const;
  if (before.orderedByKey) {
    const what = `is read by ${service} in no order any more: what is parked is let go, one after the other, and no durable changes`;
    return { ...change, what, verdict: "compatible" };
  }
  const what = `is read by ${service} in the order of its keys: no durable changes, and an event that is being retried while a later one of its key was applied becomes stale, so deploy it when nothing of it is in hand (tandem status)`;
  return { ...change, what, verdict: "undecided" };
}

function priority({ service, before, after, durables }: Reading): Said | undefined {
  if (isSame(before.priority ?? null, after.priority ?? null)) return undefined;
  const [was, is] = [policy(before.priority), policy(after.priority)];
  const change = { kind: "priority-changed", at: ["x-consumer", "priority"], id: `${was}:${is}` } as const;
  const head = `is given to instances of ${service} by the policy ${is} instead of ${was}`;
  if (before.priority !== undefined)
    return { ...change, what: `${head}: ${IN_PLACE}, and readers follow`, verdict: "compatible" };
  const what = `${head}: provisioning refuses it while somebody reads, until ${allowing("priority", durables)}, because a release that was made before there were policies would read nothing; deploy ${service} first`;
  return { ...change, what, verdict: "undecided" };
}

function policy(priority: Priority | undefined): string {
  if (priority === undefined) return "none";
  return priority.policy === "pinned" ? `pinned for ${span(priority.timeoutMs)}` : priority.policy;
}

function allowing(kind: string, durables: readonly string[]): string {
  return durables.map((durable) => `--allow ${kind}:${durable}`).join(" ");
}
