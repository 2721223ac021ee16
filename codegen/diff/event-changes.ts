/** Changes of events: which there are, and what makes one the same event. */
import type { Event, EventVersion, Model } from "../model/model.ts";
import type { Acknowledgement } from "../spec/contract.ts";
import { under } from "../spec/pointer.ts";
import type { Change, Direction } from "./change.ts";
import { directionsAsked } from "./level.ts";
import { otherEventChange, otherEventChanges, remedyFor } from "./other-events.ts";
import { schemaChanges } from "./schema-changes.ts";
import { structural } from "./structure.ts";
import { versionChanges } from "./version-changes.ts";

const BOTH: readonly Direction[] = ["backward", "forward"];

/** Two forms of one event. */
export interface EventPair {
  readonly before: Event;
  readonly after: Event;
}

/** The events of both contracts, by channel or, where the channel has another name, by what it publishes. */
export function eventPairs(base: Model, current: Model): EventPair[] {
  const has = (model: Model, channel: string): boolean => model.events.some((event) => event.channel === channel);
  return current.events.flatMap((after) => {
    const before =
      base.events.find(({ channel }) => channel === after.channel) ??
      base.events.find(({ channel, name }) => name === after.name && !has(current, channel));
    return before === undefined ? [] : [{ before, after }];
  });
}

/** Every change of events and their versions. */
export function eventChanges(base: Model, current: Model): Change[] {
  const pairs = eventPairs(base, current);
  const added = current.events.filter((event) => !pairs.some(({ after }) => after === event));
  const removed = base.events.filter((event) => !pairs.some(({ before }) => before === event));
  return [
    ...pairs.flatMap((pair) => [
      ...(isOthers(pair) ? otherEventChanges(pair, current) : [...identityChanges(pair), ...versionChanges(pair)]),
      ...pair.after.versions.flatMap((version) => schemaChangesOf(pair, version, base, current)),
    ]),
    ...added.map(addition),
    ...removed.map((event) => removal(event, base)),
  ];
}

/** Whether the event is, or was, another contract's. */
function isOthers({ before, after }: EventPair): boolean {
  return before.owner !== undefined || after.owner !== undefined;
}

function addition(event: Event): Change {
  if (event.owner !== undefined) return otherEventChange("event-added", event, event.owner);
  const { name: subject, pointer: at } = event;
  return structural({ kind: "event-added", subject, what: "is new", at, verdict: "compatible" });
}

/** What every form of an event that may still be stored has against the one of today. */
export function storedChanges(stored: Model, current: Model, since: string): Change[] {
  return eventPairs(stored, current).flatMap(({ before, after }) =>
    after.versions.flatMap((version) => {
      const old = before.versions.find(({ number }) => number === version.number);
      const asked = old === undefined ? [] : directionsAsked(old, version, "stored");
      if (old === undefined || asked.length === 0) return [];
      return schemaChanges({ ...question(after, old, version, stored, current), directions: asked, asked, since });
    }),
  );
}

/** What was acknowledged in any version of an event. */
export function acknowledgedOf({ versions }: Event): Acknowledgement[] {
  return versions.flatMap(({ acknowledged }) => acknowledged ?? []);
}

function schemaChangesOf(pair: EventPair, version: EventVersion, base: Model, current: Model): Change[] {
  const old = pair.before.versions.find(({ number }) => number === version.number);
  if (old === undefined) return [];
  const asked = directionsAsked(old, version, "base");
  // Of a draft nothing was published, so there is nobody to break.
  const directions = old.state === "draft" ? [] : BOTH;
  return schemaChanges({ ...question(pair.after, old, version, base, current), directions, asked });
}

function question(event: Event, old: EventVersion, version: EventVersion, base: Model, current: Model) {
  return {
    subject: `${event.name} v${version.number}`,
    prefix: `v${version.number}`,
    before: { schema: old.schema, pointer: old.schemaPointer, model: base },
    after: { schema: version.schema, pointer: version.schemaPointer, model: current },
    acknowledged: acknowledgedOf(event),
    remedy:
      event.owner === undefined
        ? `Take it back, and open a new version: tandem evolve open ${event.name}`
        : remedyFor(event.owner),
  };
}

function removal(event: Event, base: Model): Change {
  if (event.owner !== undefined) return otherEventChange("event-removed", event, event.owner);
  const readers = base.services.filter(({ handles }) => handles.some(({ channel }) => channel === event.channel));
  const isOver = event.versions.every(({ state }) => state !== "current");
  const fine = isOver && (readers.length === 0 || event.versions.every(({ state }) => state === "draft"));
  return structural({
    kind: "event-removed",
    subject: event.name,
    what: fine ? "is removed" : `is removed while ${readers.length > 0 ? "it is read" : "it is published"}`,
    at: "/channels",
    verdict: fine ? "compatible" : "breaking",
    hint: "Deprecate every version and let its readers go, then remove it.",
  });
}

function identityChanges({ before, after }: EventPair): Change[] {
  const subject = after.name;
  const acknowledged = acknowledgedOf(after);
  const published = before.versions.some(({ state }) => state !== "draft");
  const verdict = published ? "breaking" : "compatible";
  const changes: Change[] = [];
  if (before.name !== after.name) {
    const what = `is the new name of ${before.name}, which nobody publishes any more`;
    const hint = "Take it back: add the new event beside the old one, and publish both until the readers have moved.";
    changes.push(
      structural({ kind: "event-renamed", subject, what, at: under(after.pointer, "address"), verdict, hint }),
    );
  }
  if (before.channel !== after.channel) {
    const what = `has the channel ${after.channel} instead of ${before.channel}, which durables are named by: its readers start anew`;
    const undecided = published ? "undecided" : "compatible";
    changes.push(
      structural({
        kind: "channel-renamed",
        id: `${before.channel}:${after.channel}`,
        subject,
        what,
        at: after.pointer,
        verdict: undecided,
        acknowledged,
      }),
    );
  }
  if (before.key !== after.key) {
    const what = `has the key ${after.key} instead of ${before.key}, so order and history are of something else`;
    const hint = "Take it back: what belongs to another aggregate is another event.";
    changes.push(
      structural({ kind: "key-changed", subject, what, at: under(after.pointer, "x-event", "key"), verdict, hint }),
    );
  }
  if (before.stream !== after.stream) {
    const what = `lives in the stream ${after.stream} instead of ${before.stream}, where what is stored is no longer read`;
    const hint = "Take it back: a new event in the other stream can take over.";
    changes.push(
      structural({ kind: "stream-changed", subject, what, at: under(after.pointer, "x-stream"), verdict, hint }),
    );
  }
  return changes;
}
