/** What became of events that other teams own, and what that means for who reads them here. */
import type { Event, Model, Service } from "../model/model.ts";
import type { EventOwner } from "../model/owner.ts";
import { under } from "../spec/pointer.ts";
import type { Change, Verdict } from "./change.ts";
import type { EventPair } from "./event-changes.ts";
import { structural } from "./structure.ts";

type OwnedVersion = EventOwner["versions"][number];

/** Changes of an event that another contract owns, but for those of its schemas. */
export function otherEventChanges({ before, after }: EventPair, current: Model): Change[] {
  const { owner } = after;
  if (owner === undefined || before.owner?.contract !== owner.contract) return ownerChanges(before, after);
  const earlier = before.owner.versions;
  return [
    ...identityChanges(before, after, owner),
    ...owner.versions.flatMap((version) => {
      const old = earlier.find(({ number }) => number === version.number);
      return versionChanges(after, owner, old, version, current);
    }),
  ];
}

/** An event that is read from now on, or no longer. */
export function otherEventChange(kind: "event-added" | "event-removed", event: Event, owner: EventOwner): Change {
  const what =
    kind === "event-added"
      ? `is read from ${owner.contract}`
      : `of ${owner.contract} is read no more, and what is published from now on is missed`;
  const at = kind === "event-added" ? event.pointer : "/channels";
  return structural({ kind, subject: event.name, what, at, verdict: "compatible" });
}

/** What to do about a schema that its owner changed. */
export function remedyFor({ contract }: EventOwner): string {
  return `Ask the owner of ${contract} to take it back, and to open a new version instead`;
}

function ownerChanges(before: Event, after: Event): Change[] {
  const [was, is] = [before.owner?.contract ?? "this contract", after.owner?.contract ?? "this contract"];
  return [
    structural({
      kind: "owner-changed",
      subject: after.name,
      what: `is owned by ${is} instead of ${was}: nothing tells which of them a fact is from while both publish`,
      at: after.pointer,
      verdict: "breaking",
      hint: "Read the event of the new owner beside the old one, under a channel of its own, until that one is retired.",
    }),
  ];
}

function identityChanges(before: Event, after: Event, { contract }: EventOwner): Change[] {
  const parts = [
    ["event-renamed", "address", "name", before.name, after.name],
    ["key-changed", "x-event/key", "key", before.key, after.key],
    ["stream-changed", "x-stream", "stream", before.stream, after.stream],
  ] as const;
  return parts
    .filter(([, , , was, is]) => was !== is)
    .map(([kind, member, word, was, is]) =>
      structural({
        kind,
        subject: after.name,
        what: `has the ${word} ${is} instead of ${was}, so what was read of it and what comes do not belong together`,
        at: under(after.pointer, ...member.split("/")),
        verdict: "breaking",
        hint: `Ask the owner of ${contract} to take it back, and to publish another event beside it`,
      }),
    );
}

function versionChanges(
  event: Event,
  owner: EventOwner,
  old: OwnedVersion | undefined,
  version: OwnedVersion,
  current: Model,
): Change[] {
  if (old?.state === version.state && old.sunset === version.sunset) return [];
  const subject = `${event.name} v${version.number}`;
  const kind = old === undefined ? "version-added" : "state-changed";
  const say = (what: string, at: string, verdict: Verdict = "compatible", hint = ""): Change =>
    structural({ kind, subject, what, at, verdict, hint });
  const readers = readersOf(event, current).filter(({ versions }) => versions.includes(version.number));
  const [first] = readers;
  const at = first?.pointer ?? readersOf(event, current)[0]?.pointer ?? event.pointer;
  switch (version.state) {
    case "draft":
      return [say(`is opened by ${owner.contract} as a draft: nothing is published yet`, at)];
    case "current":
      if (old !== undefined && old.state !== "draft") return [say(`is ${version.state} again`, at)];
      return [say(`is published by ${owner.contract} beside the older ones: ${offer(event, version, current)}`, at)];
    case "deprecated":
      return [say(farewell(owner, version, readers), at)];
    case "retired":
      return retirement(owner, readers).map(({ what, verdict, hint }) => say(what, at, verdict, hint));
  }
}

/** What there is to do about a version that is new. */
function offer(event: Event, { key, number }: OwnedVersion, current: Model): string {
  const without = readersOf(event, current).filter(({ versions }) => !versions.includes(number));
  if (without.length === 0) return "it is read already";
  return `to read it, let ${names(without)} list ${key}`;
}

/** What there is to do about a version that goes. */
function farewell(owner: EventOwner, { sunset, number }: OwnedVersion, readers: readonly Reader[]): string {
  const until = sunset === undefined ? "on a day that is not said yet" : `after ${sunset}`;
  const goes = `is deprecated: ${owner.contract} publishes it no more ${until}`;
  const late = readers.filter(({ versions }) => versions.every((one) => !isPublished(owner, one) || one === number));
  if (late.length === 0) return goes;
  return `${goes}; until then let ${names(late)} list ${publishedKeys(owner, number)}`;
}

function retirement(
  owner: EventOwner,
  readers: readonly Reader[],
): { readonly what: string; readonly verdict: Verdict; readonly hint: string }[] {
  const gone = `is retired: ${owner.contract} publishes it no more`;
  const lost = readers.filter(({ versions }) => !versions.some((one) => isPublished(owner, one)));
  if (lost.length === 0) {
    const rest = readers.length === 0 ? "" : `, and ${names(readers)} need not list it when what is stored was read`;
    return [{ what: `${gone}${rest}`, verdict: "compatible", hint: "" }];
  }
  const what = `${gone}, and ${names(lost)} ${lost.length === 1 ? "reads" : "read"} no other version`;
  const hint = `Let ${names(lost)} list ${publishedKeys(owner)} too, and deploy before the owner does`;
  return [{ what, verdict: "breaking", hint }];
}

interface Reader {
  readonly service: string;
  readonly versions: readonly number[];
  readonly pointer: string;
}

function readersOf({ channel }: Event, { services }: Model): Reader[] {
  return services.flatMap(({ name, handles }: Service) =>
    handles
      .filter((handled) => handled.channel === channel)
      .map(({ durables, pointer }) => ({ service: name, versions: durables.map(({ version }) => version), pointer })),
  );
}

function isPublished({ versions }: EventOwner, number: number): boolean {
  const state = versions.find((version) => version.number === number)?.state;
  return state === "current" || state === "deprecated";
}

/** The messages that can be listed instead, newest first. */
function publishedKeys({ versions }: EventOwner, except?: number): string {
  const keys = versions.filter(({ number, state }) => state === "current" && number !== except).map(({ key }) => key);
  return keys.join(" or ") || "a newer version, when there is one";
}

function names(readers: readonly Reader[]): string {
  return readers.map(({ service }) => service).join(" and ");
}
