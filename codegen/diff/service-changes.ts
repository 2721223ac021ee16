/** Changes of who publishes and who reads. */
import type { Event, Model, Service } from "../model/model.ts";
import type { Change } from "./change.ts";
import { acknowledgedOf, type EventPair, eventPairs } from "./event-changes.ts";
import { structural } from "./structure.ts";

/** What became of publishers and readers of the events that both contracts have. */
export function serviceChanges(base: Model, current: Model): Change[] {
  return eventPairs(base, current).flatMap((pair) => [
    ...senderChanges(pair, base, current),
    ...readerChanges(pair, base, current),
  ]);
}

function senderChanges({ before, after }: EventPair, base: Model, current: Model): Change[] {
  const [was, is] = [senderOf(before, base), senderOf(after, current)];
  if (was === is || was === undefined || is === undefined) return [];
  return [
    structural({
      kind: "sender-changed",
      id: `${was}:${is}`,
      subject: after.name,
      what: `is published by ${is} instead of ${was}: nothing tells which of them a fact is from while both run`,
      at: after.pointer,
      verdict: "undecided",
      acknowledged: acknowledgedOf(after),
    }),
  ];
}

function readerChanges({ before, after }: EventPair, base: Model, current: Model): Change[] {
  const [old, now] = [readersOf(before, base), readersOf(after, current)];
  const acknowledged = acknowledgedOf(after);
  const subject = after.name;
  const left = [...old.keys()].filter((service) => !now.has(service));
  return [
    ...left.map((service) =>
      structural({
        kind: "reader-left",
        id: service,
        subject,
        what: `is no longer read by ${service}, which misses what is published from now on`,
        at: current.services.some(({ name }) => name === service) ? after.pointer : "/operations",
        verdict: "undecided",
        acknowledged,
      }),
    ),
    ...[...now].flatMap(([service, { versions, pointer }]) => {
      const earlier = old.get(service)?.versions;
      const list = listed(versions);
      if (earlier === undefined) {
        return [
          structural({
            kind: "reader-added",
            subject,
            what: `is read by ${service} too`,
            at: pointer,
            verdict: "compatible",
          }),
        ];
      }
      if (listed(earlier) === list) return [];
      // What is on its way as the old version, a retry above all, must still find a reader.
      const jumps = !earlier.some((version) => versions.includes(version));
      return [
        structural({
          kind: "reader-moved",
          subject,
          what: `is read by ${service} as ${list} instead of ${listed(earlier)}${jumps ? ", so what is still being retried is lost" : ""}`,
          at: pointer,
          verdict: jumps ? "breaking" : "compatible",
          hint: `Let ${service} list ${listed([...versions, ...earlier])} for one release.`,
        }),
      ];
    }),
  ];
}

function senderOf({ channel }: Event, { services }: Model): string | undefined {
  return services.find(({ publishes }) => publishes.includes(channel))?.name;
}

interface Reader {
  readonly versions: readonly number[];
  readonly pointer: string;
}

function readersOf({ channel }: Event, { services }: Model): ReadonlyMap<string, Reader> {
  return new Map(services.flatMap((service): [string, Reader][] => readerOf(service, channel)));
}

function readerOf({ name, handles }: Service, channel: string): [string, Reader][] {
  const found = handles.find((subscription) => subscription.channel === channel);
  return found === undefined
    ? []
    : [[name, { versions: found.durables.map(({ version }) => version), pointer: found.pointer }]];
}

function listed(versions: readonly number[]): string {
  return versions
    .toSorted((a, b) => a - b)
    .map((version) => `v${version}`)
    .join(" and ");
}
