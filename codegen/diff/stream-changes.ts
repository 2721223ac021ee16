/** Changes of how streams keep what is published, and what provisioning does about each. */
import type { Model, Stream } from "../model/model.ts";
import type { Acknowledgement } from "../spec/contract.ts";
import { under } from "../spec/pointer.ts";
import type { Change } from "./change.ts";
import { acknowledgedOf } from "./event-changes.ts";
import { span } from "./span.ts";
import { structural } from "./structure.ts";

const IN_PLACE = "provisioning changes it in place";

/** What became of `x-streams`, and of `x-jetstream` of the servers. What lives in a stream is told of as an event. */
export function streamChanges(base: Model, current: Model): Change[] {
  const old = new Map(base.streams.map((stream) => [stream.name, stream]));
  const names = new Set(current.streams.map(({ name }) => name));
  // A stream of dead letters has no event whose version could hold the acknowledgement, so any may.
  const acknowledged = current.events.flatMap(acknowledgedOf);
  return [
    ...current.streams.flatMap((after) => {
      const before = old.get(after.name);
      return before === undefined ? [addition(after)] : settingChanges(before, after, acknowledged);
    }),
    ...base.streams.filter(({ name }) => !names.has(name)).map(removal),
    ...serverChanges(base, current, acknowledged),
  ];
}

function addition({ name, pointer: at }: Stream): Change {
  const what = "is new: provisioning makes it";
  return structural({ kind: "stream-added", subject: name, what, at, verdict: "compatible" });
}

function removal({ name }: Stream): Change {
  const what = "is removed: provisioning leaves it on the server with what it holds, until somebody removes it by hand";
  return structural({ kind: "stream-removed", subject: name, what, at: "/x-streams", verdict: "compatible" });
}

function settingChanges(before: Stream, after: Stream, acknowledged: readonly Acknowledgement[]): Change[] {
  const { name: subject, pointer } = after;
  const changes: Change[] = [];
  if (before.maxAgeMs !== after.maxAgeMs) {
    const [was, is] = [span(before.maxAgeMs), span(after.maxAgeMs)];
    const isShorter = after.maxAgeMs < before.maxAgeMs;
    const refusal = `provisioning refuses it while older messages are stored, until --allow max-age:${subject}, because the server removes them at once, read or not`;
    changes.push(
      structural({
        ...{ kind: "age-changed", id: `${subject}:${was}:${is}`, subject, acknowledged },
        what: `keeps messages for ${is} instead of ${was}: ${isShorter ? refusal : IN_PLACE}`,
        at: under(pointer, "maxAge"),
        verdict: isShorter ? "undecided" : "compatible",
      }),
    );
  }
  if (before.duplicateWindowMs !== after.duplicateWindowMs) {
    const times = `${span(after.duplicateWindowMs)} instead of ${span(before.duplicateWindowMs)}`;
    const twice =
      after.duplicateWindowMs < before.duplicateWindowMs
        ? "; what is published again after longer than that is stored twice, and the inboxes drop the second"
        : "";
    const what = `remembers the ids of messages for ${times}: ${IN_PLACE}${twice}`;
    const at = under(pointer, "duplicateWindow");
    changes.push(structural({ kind: "duplicate-window-changed", subject, what, at, verdict: "compatible" }));
  }
  if (before.owner !== after.owner) {
    const [was, is] = [before.owner ?? "nobody", after.owner ?? "nobody"];
    const what = `belongs to ${is} instead of ${was}: ${IN_PLACE}, and logins follow with the next \`tandem permissions\``;
    const at = under(pointer, "owner");
    changes.push(structural({ kind: "stream-owner-changed", subject, what, at, verdict: "compatible" }));
  }
  return changes;
}

/** Replicas and batches are the server's, the same for each of its streams. */
function serverChanges(base: Model, current: Model, acknowledged: readonly Acknowledgement[]): Change[] {
  const [before, after] = [settingsByServer(base), settingsByServer(current)];
  return [...after].flatMap(([server, is]) => {
    const was = before.get(server);
    if (was === undefined) return [];
    const at = (member: string) => under("/servers", server, "x-jetstream", member);
    const subject = `server ${server}`;
    const changes: Change[] = [];
    if (was.replicas !== is.replicas) {
      const fewer = is.replicas < was.replicas;
      const refusal = "provisioning refuses it until --allow replicas, because who loses those loses what was accepted";
      changes.push(
        structural({
          ...{ kind: "replicas-changed", id: `${server}:${was.replicas}:${is.replicas}`, subject, acknowledged },
          what: `stores each stream on ${is.replicas} instead of ${was.replicas} servers: ${fewer ? refusal : IN_PLACE}`,
          at: at("replicas"),
          verdict: fewer ? "undecided" : "compatible",
        }),
      );
    }
    if (was.atomicBatches !== is.atomicBatches)
      changes.push(batchesChange(current, { is: is.atomicBatches, server, at: at("atomicBatches"), acknowledged }));
    return changes;
  });
}

interface Batches {
  readonly is: boolean;
  readonly server: string;
  readonly at: string;
  readonly acknowledged: readonly Acknowledgement[];
}

/** Only an event of several live versions is published in batches. */
function batchesChange({ events }: Model, { is, server, at, acknowledged }: Batches): Change {
  const change = {
    kind: "batches-changed",
    id: `${server}:off`,
    subject: `server ${server}`,
    at,
    acknowledged,
  } as const;
  if (is) {
    const what = `stores the versions of an event together or not at all: ${IN_PLACE}, before a publisher may use it`;
    return structural({ ...change, what, verdict: "compatible" });
  }
  const several = events
    .filter(({ owner, versions }) => owner === undefined && versions.filter(isPublished).length > 1)
    .map(({ name }) => name);
  const head = "stores the versions of an event one after the other";
  if (several.length === 0) return structural({ ...change, what: `${head}: ${IN_PLACE}`, verdict: "compatible" });
  const what = `${head}, and ${several.join(", ")} has several: provisioning refuses it until --allow batches; a publisher that is killed between two leaves half of a fact until it is back`;
  return structural({ ...change, what, verdict: "undecided" });
}

function isPublished({ state }: Model["events"][number]["versions"][number]): boolean {
  return state === "current" || state === "deprecated";
}

function settingsByServer({ streams }: Model): ReadonlyMap<string, Stream["servers"][string]> {
  return new Map(streams.flatMap(({ servers }) => Object.entries(servers)));
}
