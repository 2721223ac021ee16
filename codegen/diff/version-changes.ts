/** Changes of an event's versions: which there are, and where each is in its life. */
import type { Event, EventVersion } from "../model/model.ts";
import { under } from "../spec/pointer.ts";
import type { Change, Verdict } from "./change.ts";
import { isLower } from "./level.ts";
import { structural } from "./structure.ts";

type State = EventVersion["state"];

/** The steps of a version's life, each with the states that one change may lead to; retired is for good. */
const STEPS: Readonly<Record<State, readonly State[]>> = {
  draft: ["current"],
  current: ["deprecated", "draft"],
  deprecated: ["retired", "current"],
  retired: [],
};

/** What became of the versions of one event. */
export function versionChanges({ before, after }: { readonly before: Event; readonly after: Event }): Change[] {
  const find = (event: Event, number: number): EventVersion | undefined =>
    event.versions.find((version) => version.number === number);
  return [
    ...after.versions.flatMap((version) => {
      const old = find(before, version.number);
      return old === undefined
        ? [addition(before, after, version)]
        : [...stateChanges(after, old, version), ...levelChanges(after, old, version)];
    }),
    ...before.versions
      .filter(({ number }) => find(after, number) === undefined)
      .map((version) => removal(after, version)),
    ...writesChanges(before, after),
  ];
}

function addition(before: Event, after: Event, version: EventVersion): Change {
  const subject = `${after.name} v${version.number}`;
  const isFirst = Math.min(...after.versions.map(({ number }) => number)) === version.number;
  const change = { kind: "version-added", subject, at: version.pointer } as const;
  if (version.state === "draft") return structural({ ...change, what: "is opened as a draft", verdict: "compatible" });
  if (before.versions.some(({ number }) => number > version.number)) {
    const hint = `Number it ${Math.max(...before.versions.map(({ number }) => number)) + 1}.`;
    return structural({ ...change, what: "takes a number that is behind the newest one", verdict: "breaking", hint });
  }
  if (version.evolution !== undefined || isFirst)
    return structural({ ...change, what: "is new", verdict: "compatible" });
  const what = `is new, and nothing says how v${version.number - 1} becomes it`;
  const hint = `Add x-evolves, as tandem evolve open ${after.name} writes it.`;
  return structural({ ...change, what, verdict: "breaking", hint });
}

function removal(event: Event, { number, state }: EventVersion): Change {
  const isOver = state === "draft" || state === "retired";
  return structural({
    kind: "version-removed",
    subject: `${event.name} v${number}`,
    what: isOver ? `is removed, as a ${state} version may be` : `is removed while it is ${state}`,
    at: under(event.pointer, "messages"),
    verdict: isOver ? "compatible" : "breaking",
    hint: `Put it back, and let it go step by step: tandem evolve advance ${event.name}`,
  });
}

function stateChanges(event: Event, old: EventVersion, version: EventVersion): Change[] {
  if (old.state === version.state) return [];
  const subject = `${event.name} v${version.number}`;
  const at = under(version.pointer, "x-version", "state");
  if (STEPS[old.state].includes(version.state)) {
    const what = `is ${version.state}, and was ${old.state}`;
    return [structural({ kind: "state-changed", subject, what, at, verdict: "compatible" })];
  }
  if (old.state === "retired") {
    const what = `was retired and is ${version.state} again, while what happened meanwhile has no such form`;
    const hint = `Open a new version: tandem evolve open ${event.name}`;
    return [structural({ kind: "version-revived", subject, what, at, verdict: "breaking", hint })];
  }
  const what = `is ${version.state}, and was ${old.state}: a step is skipped`;
  const hint = `Go step by step: tandem evolve advance ${event.name}`;
  return [structural({ kind: "step-skipped", subject, what, at, verdict: "breaking", hint })];
}

function levelChanges(event: Event, old: EventVersion, version: EventVersion): Change[] {
  if (old.state === "draft" || !isLower(old.compatibility, version.compatibility)) return [];
  const [was, is] = [old.compatibility ?? "unsaid", version.compatibility ?? "unsaid"];
  return [
    structural({
      kind: "level-lowered",
      id: `v${version.number}:${was}:${is}`,
      subject: `${event.name} v${version.number}`,
      what: `promises less compatibility: ${is} where it was ${was}`,
      at: under(version.pointer, "x-version", "compatibility"),
      verdict: "undecided",
      acknowledged: version.acknowledged,
    }),
  ];
}

/** Another version is written: its readers must have had the chance to read it beside the one before. */
function writesChanges(before: Event, after: Event): Change[] {
  if (before.writes === after.writes) return [];
  const state = before.versions.find(({ number }) => number === after.writes)?.state;
  const live = state === "current" || state === "deprecated";
  const verdict: Verdict = live ? "compatible" : "breaking";
  return [
    structural({
      kind: "writes-changed",
      subject: after.name,
      what: `writes v${after.writes} instead of v${before.writes}${live ? "" : ", which was not published beside it yet"}`,
      at: under(after.pointer, "x-event", "writes"),
      verdict,
      hint: `Publish both first, with writes: v${before.writes}: tandem evolve advance ${after.name}`,
    }),
  ];
}
