/**
 * The steps of an evolution as operations of one direction. The way up does them in their order, the way down does
 * their inverses in reverse order, and what carries an operation out does not know which of the two it is.
 */
import type { Step } from "../../model/evolution.ts";
import type { Occurrence, Path, Renaming, Scalar } from "../../spec/evolution.ts";
import type { Place } from "../../spec/report.ts";
import { tokens, under, type Pointer } from "../../spec/pointer.ts";

/** A place in a payload, and the place in the contract that names it. */
export interface Spot {
  readonly path: readonly string[];
  readonly at: Place;
}

/** One change of a value on its way from a version to the other. `at` is the step in the contract. */
export type Operation = { readonly at: Pointer } & (
  | { readonly kind: "move"; readonly from: Spot; readonly to: Spot }
  | {
      readonly kind: "cut";
      readonly from: Spot;
      readonly into: readonly [Spot, Spot];
      readonly cut: Occurrence;
      readonly by: string;
    }
  | { readonly kind: "join"; readonly from: readonly [Spot, Spot]; readonly into: Spot; readonly by: string }
  | {
      readonly kind: "price";
      readonly from: Spot;
      readonly to: Spot;
      readonly factor: number;
      readonly currency: string;
    }
  | {
      readonly kind: "unprice";
      readonly from: Spot;
      readonly to: Spot;
      readonly factor: number;
      readonly currency: string;
      readonly refusesOthers: boolean;
    }
  | {
      readonly kind: "choose";
      readonly field: Spot;
      readonly table: readonly Renaming[];
      readonly tableAt: Pointer;
      readonly refusesOthers: boolean;
    }
  | { readonly kind: "convert"; readonly field: Spot; readonly from: Scalar; readonly to: Scalar }
  | { readonly kind: "put"; readonly to: Spot; readonly value: unknown; readonly valueAt: Pointer }
  | { readonly kind: "drop"; readonly from: Spot }
  | { readonly kind: "each" | "within"; readonly in: Spot | undefined; readonly operations: readonly Operation[] }
  | { readonly kind: "wrap"; readonly from: Spot; readonly to: Spot }
  | { readonly kind: "pick"; readonly from: Spot; readonly to: Spot; readonly which: Occurrence }
  | {
      readonly kind: "call";
      readonly function: string;
      readonly reads: readonly Spot[];
      readonly writes: readonly Spot[];
    }
);

export type Direction = "up" | "down";

/** The operations of one direction. */
export function operationsOf(steps: readonly Step[], direction: Direction): readonly Operation[] {
  if (direction === "up") return steps.flatMap(upward);
  return steps.toReversed().flatMap(downward);
}

function upward(step: Step): readonly Operation[] {
  const { at } = step;
  const spot = (path: Path, ...member: readonly (string | number)[]): Spot => ({
    path: tokens(path),
    at: under(at, ...member),
  });
  switch (step.kind) {
    case "rename":
      return [{ kind: "move", at, from: spot(step.from, "from"), to: spot(step.to, "to") }];
    case "nest":
    case "flatten":
      return movesOf(step).map(([from, to]) => ({ kind: "move", at, from, to }));
    case "split":
      return [
        {
          kind: "cut",
          at,
          from: spot(step.from, "from"),
          into: pair(step.into, at, "into"),
          cut: step.cut,
          by: step.by,
        },
      ];
    case "join":
      return [{ kind: "join", at, from: pair(step.from, at, "from"), into: spot(step.into, "into"), by: step.by }];
    case "money":
      return [
        {
          kind: "price",
          at,
          from: spot(step.from, "from"),
          to: spot(step.to, "to"),
          factor: factorOf(step),
          currency: step.currency,
        },
      ];
    case "values":
      return [
        {
          kind: "choose",
          at,
          field: spot(step.field, "field"),
          table: step.up,
          tableAt: under(at, "up"),
          refusesOthers: step.refusesOthers,
        },
      ];
    case "convert":
      return [{ kind: "convert", at, field: spot(step.field, "field"), from: step.from, to: step.to }];
    case "add":
      return [{ kind: "put", at, to: spot(step.to, "to"), value: step.value, valueAt: under(at, "value") }];
    case "remove":
      return [{ kind: "drop", at, from: spot(step.from, "from") }];
    case "each":
    case "within":
      return [{ kind: step.kind, at, in: scopeOf(step), operations: step.steps.flatMap(upward) }];
    case "wrap":
      return [{ kind: "wrap", at, from: spot(step.from, "from"), to: spot(step.to, "to") }];
    case "custom":
      return [
        {
          kind: "call",
          at,
          function: step.up,
          reads: all(step.reads, at, "reads"),
          writes: all(step.writes, at, "writes"),
        },
      ];
  }
}

function downward(step: Step): readonly Operation[] {
  const { at } = step;
  const spot = (path: Path, ...member: readonly (string | number)[]): Spot => ({
    path: tokens(path),
    at: under(at, ...member),
  });
  switch (step.kind) {
    case "rename":
      return [{ kind: "move", at, from: spot(step.to, "to"), to: spot(step.from, "from") }];
    case "nest":
    case "flatten":
      return movesOf(step)
        .toReversed()
        .map(([from, to]) => ({ kind: "move", at, from: to, to: from }));
    case "split":
      return [{ kind: "join", at, from: pair(step.into, at, "into"), into: spot(step.from, "from"), by: step.by }];
    case "join":
      return [
        {
          kind: "cut",
          at,
          from: spot(step.into, "into"),
          into: pair(step.from, at, "from"),
          cut: step.cut,
          by: step.by,
        },
      ];
    case "money": {
      const { currency, refusesOthers } = step;
      return [
        {
          kind: "unprice",
          at,
          from: spot(step.to, "to"),
          to: spot(step.from, "from"),
          factor: factorOf(step),
          currency,
          refusesOthers,
        },
      ];
    }
    case "values":
      return [
        {
          kind: "choose",
          at,
          field: spot(step.field, "field"),
          table: step.down,
          tableAt: under(at, "down"),
          refusesOthers: step.refusesOthers,
        },
      ];
    case "convert":
      return [{ kind: "convert", at, field: spot(step.field, "field"), from: step.to, to: step.from }];
    case "add":
      return [{ kind: "drop", at, from: spot(step.to, "to") }];
    case "remove":
      if (step.restore === undefined) return [];
      return [
        { kind: "put", at, to: spot(step.from, "from"), value: step.restore.value, valueAt: under(at, "restore") },
      ];
    case "each":
    case "within":
      return [{ kind: step.kind, at, in: scopeOf(step), operations: step.steps.toReversed().flatMap(downward) }];
    case "wrap":
      return [{ kind: "pick", at, from: spot(step.to, "to"), to: spot(step.from, "from"), which: step.pick }];
    case "custom":
      return [
        {
          kind: "call",
          at,
          function: step.down,
          reads: all(step.writes, at, "writes"),
          writes: all(step.reads, at, "reads"),
        },
      ];
  }
}

/** The fields of `nest` and `flatten`, from the older place to the newer. */
function movesOf(step: Extract<Step, { readonly kind: "nest" | "flatten" }>): (readonly [from: Spot, to: Spot])[] {
  const [outer, inside] = step.kind === "nest" ? [step.into, 1] : [step.from, 0];
  return step.fields.map((field) => {
    const [from, to] = field.map((path, side): Spot => ({
      path: side === inside ? [...tokens(outer), ...tokens(path)] : tokens(path),
      at: { at: under(step.at, "fields", field[0]), side: side === 0 ? "name" : "value" },
    }));
    if (from === undefined || to === undefined) throw new Error("a field goes from a path to a path");
    return [from, to];
  });
}

function scopeOf(step: Extract<Step, { readonly kind: "each" | "within" }>): Spot | undefined {
  return step.in === undefined ? undefined : { path: tokens(step.in), at: under(step.at, "in") };
}

/** The new amount counts units that are `factor` to the old one. */
function factorOf({ amount, scale }: Extract<Step, { readonly kind: "money" }>): number {
  return amount === "minor" ? 10 ** scale : 1;
}

function all(paths: readonly Path[], at: Pointer, member: string): Spot[] {
  return paths.map((path, index) => ({ path: tokens(path), at: under(at, member, index) }));
}

/** The schema of the extensions saw to it that there are two. */
function pair(paths: readonly Path[], at: Pointer, member: string): readonly [Spot, Spot] {
  const [first, second] = all(paths, at, member);
  if (first === undefined || second === undefined) throw new Error(`${member} at #${at} names two paths`);
  return [first, second];
}
