/** Works out how payloads of two adjacent versions become each other, and everything that is wrong with it. */
import type { Definitions } from "../../emit/json-schema.ts";
import type { Evolution } from "../../model/evolution.ts";
import type { EventVersion, Pointer } from "../../model/model.ts";
import { tokens, under } from "../../spec/pointer.ts";
import { applyOperations } from "./apply.ts";
import type { Fault } from "./fault.ts";
import type { Judge } from "./judge.ts";
import { operationsOf, type Direction } from "./operations.ts";
import { Payload, pointerOf } from "./payload.ts";
import type { Plan } from "./plan.ts";
import { settle } from "./settle.ts";
import type { Settling } from "./settling.ts";
import { isRefusal, type Given, type Scope } from "./terms.ts";

/** One direction: what the function does first, and what it returns. */
export interface Mapping {
  readonly from: Given;
  readonly scope: Scope;
  readonly plan: Plan;
  /** Whether there are payloads that it cannot map. */
  readonly isPartial: boolean;
}

/** Both directions. The mappings are not to be used when there are faults. */
export interface Mappings {
  readonly up: Mapping;
  readonly down: Mapping;
  readonly faults: readonly Fault[];
}

/** What to map. */
export interface MappedVersions {
  readonly evolution: Evolution;
  readonly from: EventVersion;
  readonly to: EventVersion;
  /** JSON pointer to the event's key, which mappings leave alone. */
  readonly key: Pointer;
}

export function mapVersions(versions: MappedVersions, definitions: Definitions, judge: Judge): Mappings {
  const up = mapOneWay(versions, "up", new Map(), definitions, judge);
  // What follows from a step that cannot be carried out is no news on the way back.
  if (up.isBroken) return { up: up.mapping, down: up.mapping, faults: up.faults };
  const down = mapOneWay(versions, "down", up.dropped, definitions, judge);
  return { up: up.mapping, down: down.mapping, faults: [...up.faults, ...newsOf(down, up)] };
}

/** What the way down has to say that the way up has not said. */
function newsOf(down: OneWay, up: OneWay): readonly Fault[] {
  if (up.faults.length === 0) return down.faults;
  if (down.isBroken) return [];
  const said = new Set(up.faults.map(({ code }) => code));
  // A property without a counterpart is one on both ways, and so is the key.
  return down.faults.filter(
    ({ code }) => !(said.has(code) && (code === "EVOLVES_UNCOVERED" || code === "EVOLVES_KEY")),
  );
}

interface OneWay {
  readonly mapping: Mapping;
  readonly faults: readonly Fault[];
  readonly dropped: ReadonlyMap<string, Pointer>;
  readonly isBroken: boolean;
}

function mapOneWay(
  { evolution, from, to, key }: MappedVersions,
  direction: Direction,
  dropped: ReadonlyMap<string, Pointer>,
  definitions: Definitions,
  judge: Judge,
): OneWay {
  const [source, target] = direction === "up" ? [from, to] : [to, from];
  const given: Given = {
    kind: "given",
    inside: undefined,
    name: "from",
    schema: source.schema,
    required: true,
    path: [],
  };
  const payload = Payload.of(given, source.typeName, definitions);
  const applied = applyOperations(payload, operationsOf(evolution.steps, direction), definitions);
  const faults = [...applied.faults];
  const { up, down } = evolution.lossy;
  const losses = { up: new Set(up.map(({ path }) => path)), down: new Set(down.map(({ path }) => path)) };
  const settling: Settling = {
    source: source.typeName,
    target: target.typeName,
    definitions,
    judge,
    at: { at: under(evolution.pointer, "steps"), side: "name" },
    mayLose: losses[direction],
    mayLack: losses[direction === "up" ? "down" : "up"],
    dropped,
    report: (fault) => faults.push(fault),
  };
  const slot = {
    schema: target.schema,
    required: true,
    path: [],
    by: undefined,
    scope: payload.scope,
    present: new Set<string>(),
  };
  const { plan } =
    applied.faults.length > 0
      ? { plan: { kind: "value", term: given } as const }
      : settle(payload.root, slot, settling);
  if (faults.length === 0 && !keepsKey(plan, tokens(key), key)) {
    const message = `the steps change ${key}, the key of ${source.typeName}`;
    faults.push({
      code: "EVOLVES_KEY",
      place: settling.at,
      message,
      hint: "All versions of one event belong to the same aggregate: leave the key as it is.",
    });
  }
  const isPartial = statementsIn(plan, payload.scope).some(isRefusal);
  return {
    mapping: { from: given, scope: payload.scope, plan, isPartial },
    faults,
    dropped: applied.dropped,
    isBroken: applied.faults.length > 0,
  };
}

/** Whether the value at a path is the one that was there. */
function keepsKey(plan: Plan, path: readonly string[], key: Pointer): boolean {
  if (plan.kind === "value") return plan.term.kind === "given" && pointerOf([...plan.term.path, ...path]) === key;
  const [name, ...rest] = path;
  const member = plan.kind === "object" ? plan.members.find((candidate) => candidate.name === name) : undefined;
  return member !== undefined && keepsKey(member.plan, rest, key);
}

/** The statements of a scope and of the lists inside. */
export function statementsIn(plan: Plan, scope: Scope): Scope["statements"] {
  return [...scope.statements, ...listsIn(plan).flatMap((list) => statementsIn(list.element.plan, list.scope))];
}

/** The lists of a plan, those inside of lists aside. */
export function listsIn(plan: Plan): Extract<Plan, { readonly kind: "list" }>[] {
  if (plan.kind === "list") return [plan];
  if (plan.kind === "wrapped") return listsIn(plan.element);
  return plan.kind === "object" ? plan.members.flatMap((member) => listsIn(member.plan)) : [];
}
