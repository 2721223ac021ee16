/** From rows to a tree of causes. Data in, data out. */
import type { TracedEvent, TracedState } from "@tandem/runtime/admin";
import type { TopologyConsumer } from "../topology.ts";
import type { FoundLetter, ServiceRows, Sources } from "./sources.ts";
import type { Outcome, TraceConversation, TraceEvent, TraceReader, TraceState } from "./trace.ts";

type Published = TracedEvent & { readonly by: string };

/** The conversations, the oldest first. */
export function buildTrace(sources: Sources): readonly TraceConversation[] {
  const published = sources.services
    .flatMap(({ service, events }) => events.map((event): Published => ({ ...event, by: service })))
    .toSorted((one, other) => one.occurredAt.getTime() - other.occurredAt.getTime() || one.sequence - other.sequence);
  const known = new Set(published.map(({ eventId }) => eventId));
  const conversations = Map.groupBy(published, ({ correlationId }) => correlationId);
  return [...conversations].map(([correlationId, events]) => ({
    correlationId,
    states: looseStates(sources, events),
    events: events.filter(({ causationId }) => !known.has(causationId)).map((event) => eventOf(event, events, sources)),
  }));
}

function eventOf(event: Published, conversation: readonly Published[], sources: Sources): TraceEvent {
  const { published } = event;
  const consumers = sources.topology.consumers.filter((consumer) => consumer.event === event.event);
  const services = [...new Set(consumers.map(({ service }) => service))];
  return {
    event: event.event,
    eventId: event.eventId,
    by: event.by,
    key: event.key,
    occurredAt: event.occurredAt,
    versions: event.versions.map((version, index) => ({ version, sequence: published?.sequences[index] })),
    stream: published?.stream,
    publishedAt: published?.at,
    problem: event.problem,
    readers: services.map((service) =>
      readerOf(
        service,
        event,
        consumers.filter((consumer) => consumer.service === service),
        conversation,
        sources,
      ),
    ),
  };
}

function readerOf(
  service: string,
  event: Published,
  consumers: readonly TopologyConsumer[],
  conversation: readonly Published[],
  sources: Sources,
): TraceReader {
  const rows = sources.services.find((candidate) => candidate.service === service);
  const run = rows?.runs.find(({ eventId, event: name }) => eventId === event.eventId && name === event.event);
  const channels = new Set(consumers.map(({ channel }) => channel));
  const letters = sources.letters.filter(
    (letter) => letter.service === service && letter.eventId === event.eventId && channels.has(letter.channel),
  );
  const states =
    run === undefined ? [] : (rows?.states ?? []).filter(({ transaction }) => transaction === run.transaction);
  return {
    service,
    outcome: run === undefined ? outcomeOf(event, consumers, rows, letters, sources) : "applied",
    at: run?.appliedAt,
    version: run?.version,
    runs: run === undefined ? runsSoFar(event, consumers, rows) : run.runs,
    letters: letters.map(({ sequence, at, code, error, attempts, subject }) => ({
      sequence,
      at,
      code,
      error,
      attempts,
      subject,
    })),
    states: states.map(stateOf),
    caused: conversation
      .filter(({ causationId, by }) => causationId === event.eventId && by === service)
      .map((caused) => eventOf(caused, conversation, sources)),
  };
}

/** Of an event that the service's inbox does not know. */
function outcomeOf(
  { event, eventId, published, versions }: Published,
  consumers: readonly TopologyConsumer[],
  rows: ServiceRows | undefined,
  letters: readonly FoundLetter[],
  { durables }: Sources,
): Outcome {
  if (letters.length > 0) return "dead letter";
  if (rows?.parked.some((parked) => parked.eventId === eventId && parked.event === event) === true) return "parked";
  if (published === undefined) return "waiting";
  if (durables === undefined || rows === undefined) return "unknown";
  const outcomes = consumers.flatMap(({ durable, version }): Outcome[] => {
    const sequence = published.sequences[versions.indexOf(version)];
    const place = durables.find((candidate) => candidate.durable === durable);
    if (sequence === undefined || place === undefined) return [];
    if (sequence > place.deliveredSequence) return ["waiting"];
    return [sequence > place.settledSequence ? "in hand" : "gone"];
  });
  // One version suffices: whichever is still to come brings the event.
  return (
    outcomes.find((outcome) => outcome === "in hand") ??
    outcomes.find((outcome) => outcome === "waiting") ??
    outcomes[0] ??
    "unknown"
  );
}

/** Of an event that is in hand. */
function runsSoFar(
  { published, versions }: Published,
  consumers: readonly TopologyConsumer[],
  rows: ServiceRows | undefined,
): number | undefined {
  const counted = consumers.flatMap(({ durable, version }) => {
    const sequence = published?.sequences[versions.indexOf(version)];
    return (rows?.attempts ?? []).filter((row) => row.durable === durable && row.streamSequence === sequence);
  });
  return counted.length === 0 ? undefined : Math.max(...counted.map(({ runs }) => runs));
}

/** State that belongs to no run that is shown. */
function looseStates({ services }: Sources, conversation: readonly Published[]): TraceConversation["states"] {
  const keys = new Set(conversation.map(({ key }) => key));
  return services
    .flatMap(({ service, runs, states }) => {
      const transactions = new Set(runs.map(({ transaction }) => transaction));
      return states
        .filter(
          ({ transaction, key }) => keys.has(key) && (transaction === undefined || !transactions.has(transaction)),
        )
        .map((state) => ({ ...stateOf(state), service }));
    })
    .toSorted((one, other) => one.at.getTime() - other.at.getTime());
}

function stateOf({ at, what, detail }: TracedState): TraceState {
  return { at, what, detail };
}
