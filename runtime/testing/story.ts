/** What came of a request: its events and what became of each, by who caused whom. */
import type { DeliveryOutcome } from "../metrics.ts";
import { isReplay } from "../broker.ts";
import type { DeliveryReport } from "../observer.ts";
import type { DeadLetter, PublishedEvent } from "./facts.ts";
import { wordsOf } from "../words-of.ts";

/** What became of an event at one reader, once. */
export interface StoryDelivery {
  readonly service: string;
  readonly durable: string;
  readonly version: number;
  readonly outcome: DeliveryOutcome;
  readonly attempt: number;
  /** How often in a row: an event that is held is reported at each try. */
  readonly times: number;
  /** Whether it was a dead letter that was published again. */
  readonly replay: boolean;
  /** Why it was retried, held or given up. */
  readonly reason: string | undefined;
  /** The code of a dead letter. */
  readonly code: string | undefined;
  /** What this run published. */
  readonly caused: readonly StoryEvent[];
}

/** One event of a story. */
export interface StoryEvent extends PublishedEvent {
  /** What became of it, in the order in which it did. */
  readonly deliveries: readonly StoryDelivery[];
  /** What names it as its cause, and came of no delivery that was seen. */
  readonly caused: readonly StoryEvent[];
}

/** A correlation id from its first events on. */
export interface Story {
  readonly correlationId: string;
  /** Those that no other event of the story caused. */
  readonly events: readonly StoryEvent[];
  /** The same as an indented tree, one line for each event and each thing that became of it. */
  toString(): string;
}

/** What a story is made of: of all correlation ids. */
export interface StorySources {
  readonly facts: readonly PublishedEvent[];
  readonly reports: readonly DeliveryReport[];
  readonly letters: readonly DeadLetter[];
}

/** Tells the story of one correlation id. */
export function tellStory(correlationId: string, { facts, reports, letters }: StorySources): Story {
  const own = facts.filter((fact) => fact.correlationId === correlationId);
  const ids = new Set(own.map(({ eventId }) => eventId));
  const byCause = Map.groupBy(own, ({ causationId, eventId }) =>
    ids.has(causationId) && causationId !== eventId ? causationId : undefined,
  );
  const told = new Set<string>();

  const tell = (fact: PublishedEvent): StoryEvent[] => {
    // Ids are what publishers say: a circle of causes must end.
    if (told.has(fact.eventId)) return [];
    told.add(fact.eventId);
    const caused = byCause.get(fact.eventId) ?? [];
    const deliveries = deliveriesOf(fact, reports, letters);
    const runs = new Map<string, StoryDelivery>();
    for (const run of deliveries) if (run.outcome === "applied") runs.set(run.service, run);
    return [
      {
        ...fact,
        deliveries: deliveries.map((delivery) => ({
          ...delivery,
          caused: caused.filter(({ source }) => runs.get(source) === delivery).flatMap(tell),
        })),
        caused: caused.filter(({ source }) => !runs.has(source)).flatMap(tell),
      },
    ];
  };

  const events = (byCause.get(undefined) ?? []).flatMap(tell);
  // What only a circle leads to.
  for (const fact of own) events.push(...tell(fact));
  return { correlationId, events, toString: () => [correlationId, ...events.flatMap(linesOf)].join("\n  ") };
}

function deliveriesOf(
  { eventId }: PublishedEvent,
  reports: readonly DeliveryReport[],
  letters: readonly DeadLetter[],
): StoryDelivery[] {
  const seen: StoryDelivery[] = [];
  for (const report of reports.filter((candidate) => candidate.eventId === eventId)) {
    const { service, durable, version, outcome, attempt, subject, error, code } = report;
    const last = seen.at(-1);
    const again =
      outcome === "held" && last?.outcome === "held" && last.durable === durable && last.attempt === attempt;
    if (again) seen.pop();
    seen.push({
      ...{ service, durable, version, outcome, attempt, code },
      times: again ? last.times + 1 : 1,
      replay: isReplay(subject),
      reason: error === undefined ? undefined : wordsOf(error),
      caused: [],
    });
  }
  // Given up by somebody whom nobody watched, as a process that was killed or the publisher itself.
  for (const letter of letters.filter((candidate) => candidate.eventId === eventId)) {
    const { service, consumer: durable, version, attempts: attempt, code, error: reason } = letter;
    if (seen.some((one) => one.durable === durable && one.outcome === "dead_lettered")) continue;
    seen.push({
      service,
      durable,
      version,
      outcome: "dead_lettered",
      attempt,
      times: 1,
      replay: false,
      reason,
      code,
      caused: [],
    });
  }
  return seen;
}

function linesOf(event: StoryEvent): string[] {
  const versions = event.versions.map((version) => `v${version}`).join(" ");
  return [
    `${event.event} ${versions} by ${event.source}, key ${event.key}`,
    ...indented(
      event.deliveries.flatMap((delivery) => [
        wordsOfDelivery(delivery),
        ...indented(delivery.caused.flatMap(linesOf)),
      ]),
    ),
    ...indented(event.caused.flatMap(linesOf)),
  ];
}

const OUTCOMES: Readonly<Record<DeliveryOutcome, string>> = {
  applied: "handled",
  duplicate: "handled before",
  retried: "failed, tried again",
  held: "held",
  dead_lettered: "dead letter",
  unrepresentable: "passed over",
  parked: "parked: an event of its key comes first",
  discarded: "heard that a dead letter was discarded",
};

function wordsOfDelivery({ service, version, outcome, attempt, times, replay, reason, code }: StoryDelivery): string {
  const notes = [
    ...(attempt > 1 || outcome === "retried" ? [`attempt ${attempt}`] : []),
    ...(times > 1 ? [`${times} times`] : []),
    ...(replay ? ["replay"] : []),
  ];
  const noted = notes.length === 0 ? "" : ` (${notes.join(", ")})`;
  const why = reason === undefined ? "" : `: ${reason.split("\n", 1)[0]}`;
  return `${service} v${version} ${OUTCOMES[outcome]}${code === undefined ? "" : ` ${code}`}${noted}${why}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
