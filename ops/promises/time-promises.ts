/** What depends on how long things are kept. */
import { holdsDeadLetters } from "../dead-letter-stream.ts";
import { historyLimits } from "../retention.ts";
import type { Topology, TopologyStream } from "../topology.ts";
import type { SystemPromise } from "./promise.ts";
import { span } from "./words.ts";

export function timePromises(topology: Topology): SystemPromise[] {
  const events = topology.streams.filter((stream) => !holdsDeadLetters(stream));
  const letters = topology.streams.filter(holdsDeadLetters);
  const { inboxForMs, publishedForMs } = historyLimits(topology);
  return [
    ...bySpan(events, ({ maxAgeMs }) => maxAgeMs).map(([maxAgeMs, names]) => downTooLong(maxAgeMs, names)),
    ...bySpan(events, ({ duplicateWindowMs }) => duplicateWindowMs).map(([windowMs, names]): SystemPromise => ({
      id: `duplicate-window-${windowMs}`,
      when: `a service dies between the broker's acknowledgement and its note of it, and comes back after more than ${span(windowMs)}`,
      state: "kept",
      then: `Nothing is lost and nothing is applied twice: the event stands in ${names} a second time, and every inbox knows it. Readers that have no inbox see it twice.`,
    })),
    {
      id: "inbox",
      when: "an event is delivered again, or its dead letter is replayed",
      state: "kept",
      then: `It is not applied twice: each service remembers what it applied for ${span(inboxForMs)}, longer than any stream and dead letter can bring it back.`,
    },
    {
      id: "history",
      when: "a stream loses events, or is deleted",
      state: "kept",
      then: `A steward publishes them again: each service keeps what it published for ${span(publishedForMs)}. Without a steward they stay lost.`,
    },
    ...letters.map(({ name, maxAgeMs }): SystemPromise =>
      maxAgeMs === 0
        ? {
            id: `dead-letters-${name}`,
            when: "nobody looks after a dead letter",
            state: "kept",
            then: `It stays in ${name} for ever.`,
          }
        : {
            id: `dead-letters-${name}`,
            when: `nobody looks after a dead letter for ${span(maxAgeMs)}`,
            state: "window",
            then: `It leaves ${name}, and what it asked for never happens.`,
            set: `a longer maxAge of ${name} under x-streams, and an alert on open dead letters.`,
          },
    ),
  ];
}

function downTooLong(maxAgeMs: number, names: string): SystemPromise {
  const id = `max-age-${maxAgeMs}`;
  if (maxAgeMs === 0) {
    return {
      id,
      when: "a service is down, for however long",
      state: "kept",
      then: `What it missed waits in ${names} for ever.`,
    };
  }
  return {
    id,
    when: `a service is down, or behind, for ${span(maxAgeMs)}`,
    state: "window",
    then: `What it has not handled by then leaves ${names}, and is never handled.`,
    set: `a longer maxAge of ${names} under x-streams.`,
  };
}

function bySpan(
  streams: readonly TopologyStream[],
  spanOf: (stream: TopologyStream) => number,
): [ms: number, names: string][] {
  const groups = Map.groupBy(streams, spanOf);
  return [...groups]
    .toSorted(([one], [other]) => one - other)
    .map(([ms, group]) => [ms, group.map(({ name }) => name).join(", ")]);
}
