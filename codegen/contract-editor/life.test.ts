import { describe, expect, it } from "vitest";
import {
  type EventFacts,
  LEADS_TO,
  passageIn,
  passagesOf,
  type Stage,
  STAGES,
  type Step,
  type StepBack,
  type VersionFacts,
} from "./life.ts";

const STATES = { d: "draft", c: "current", p: "deprecated", r: "retired" } as const;

/** `cd` is a current v1 and a draft v2. */
function event(states: string, writes: number): EventFacts {
  const versions = states.split("").map((letter, index): VersionFacts => {
    const state = Object.entries(STATES).find(([short]) => short === letter)?.[1];
    if (state === undefined) throw new Error(`${letter} is no state`);
    return { number: index + 1, state };
  });
  return { writes, versions };
}

describe("where a version is follows from the contract", () => {
  it.each<[states: string, writes: number, stages: readonly Stage[]]>([
    ["c", 1, []],
    ["cd", 1, ["draft"]],
    ["cc", 1, ["dual"]],
    ["cc", 2, ["flipped"]],
    ["pc", 2, ["deprecated"]],
    ["rc", 2, ["retired"]],
    ["rcd", 2, ["draft", "retired"]],
    ["pcd", 2, ["draft", "deprecated"]],
    ["ccc", 1, ["dual", "dual"]],
    ["ccc", 2, ["dual", "flipped"]],
    ["ccc", 3, ["flipped", "flipped"]],
    ["rpc", 3, ["deprecated", "retired"]],
    ["rrc", 3, ["retired", "retired"]],
    ["pc", 1, ["irregular"]],
    ["cd", 2, ["irregular"]],
    ["dc", 2, ["irregular"]],
    ["cr", 1, ["irregular"]],
    ["rd", 1, ["irregular"]],
  ])("%s, v%i written: %j, the newest first", (states, writes, stages) => {
    const passages = passagesOf(event(states, writes));
    expect(passages.map(({ stage }) => stage)).toEqual(stages);
    expect(passages.map(({ fault }) => fault !== undefined)).toEqual(stages.map((stage) => stage === "irregular"));
  });

  it("the same whatever the order of the versions", () => {
    const { writes, versions } = event("pcd", 2);
    expect(passagesOf({ writes, versions: versions.toReversed() })).toEqual(passagesOf({ writes, versions }));
  });
});

describe("a command is about", () => {
  it.each<[states: string, writes: number, from: number | undefined, older: number | undefined]>([
    ["c", 1, undefined, undefined],
    ["rc", 2, undefined, undefined],
    ["pcd", 2, undefined, 2],
    ["pcd", 2, 1, 1],
    ["pcd", 2, 3, undefined],
    ["rpc", 3, undefined, 2],
    ["rpc", 3, 1, 1],
  ])("%s, v%i written, asked for %s: the passage from %s", (states, writes, from, older) => {
    expect(passageIn(event(states, writes), from)?.older).toBe(older);
  });
});

describe("the table", () => {
  /** What each step does to a contract, told a second time and as plainly as can be. */
  const EFFECTS: Readonly<Record<Step | Exclude<StepBack, "discard">, readonly [from: EventFacts, to: EventFacts]>> = {
    dual: [event("cd", 1), event("cc", 1)],
    flip: [event("cc", 1), event("cc", 2)],
    deprecate: [event("cc", 2), event("pc", 2)],
    retire: [event("pc", 2), event("rc", 2)],
    undual: [event("cc", 1), event("cd", 1)],
    unflip: [event("cc", 2), event("cc", 1)],
    undeprecate: [event("pc", 2), event("cc", 2)],
  };

  it.each(Object.entries(EFFECTS))("offers %s where it can be taken, and knows where it leads", (step, [from, to]) => {
    const stage = passageIn(from)?.stage ?? "irregular";
    expect(Object.values(STAGES[stage])).toContain(step);
    expect(Object.entries(LEADS_TO)).toContainEqual([step, passageIn(to, 1)?.stage]);
  });

  it("leads from a draft to the end and skips nothing", () => {
    const way: Stage[] = ["draft"];
    for (let stage: Stage | undefined = "draft"; stage !== undefined;) {
      const { next }: { readonly next?: Step } = STAGES[stage];
      stage = next && LEADS_TO[next];
      if (stage !== undefined) way.push(stage);
    }
    expect(way).toEqual(["draft", "dual", "flipped", "deprecated", "retired"]);
  });

  it("has no way out of the end, nor out of what no step leads to", () => {
    expect([STAGES.retired, STAGES.irregular]).toEqual([{}, {}]);
  });
});
