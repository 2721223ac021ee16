/** Reads `x-evolves`. Its shape was checked; what its paths mean is checked against the schemas later. */
import type { EvolutionSpec, Loss, Occurrence, Renaming, Scalar, Step, UnrepresentablePolicy } from "../evolution.ts";
import { isObject, own } from "../json.ts";
import { type Node, nodeAt, said } from "../node.ts";
import { lastToken, placeIn, pointerOfRef, type Pointer, under } from "../pointer.ts";

/** What a message's layers say of the version before it; undefined when they say nothing. */
export function readEvolution(layers: readonly Node[]): EvolutionSpec | undefined {
  const whole = said(layers, "x-evolves");
  const steps = said(layers, "x-evolves", "steps");
  if (whole === undefined || steps === undefined) return undefined;
  const policies = said(layers, "x-evolves", "unrepresentable")?.value;
  const lossy = said(layers, "x-evolves", "lossy");
  return {
    at: whole.at,
    steps: readSteps(steps.document, steps.value, steps.at, []),
    unrepresentable: { ...policyOf(policies, "up"), ...policyOf(policies, "down") },
    lossy: { up: lossesOf(lossy, "up"), down: lossesOf(lossy, "down") },
  };
}

/** The steps of a list. A shared list that leads back to itself ends where it begins again. */
function readSteps(document: unknown, list: unknown, at: Pointer, open: readonly Pointer[]): Step[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((step: unknown, index) => {
    const [kind] = isObject(step) ? Object.keys(step) : [];
    return kind === undefined ? [] : readStep(document, kind, own(step, kind), under(at, index, kind), open);
  });
}

function readStep(document: unknown, kind: string, step: unknown, at: Pointer, open: readonly Pointer[]): Step[] {
  const path = (member: string): string => textOf(own(step, member));
  const cut: Occurrence = own(step, "at") === "last" ? "last" : "first";
  switch (kind) {
    case "rename":
      return [{ kind, at, from: path("from"), to: path("to") }];
    case "nest":
      return [{ kind, at, into: path("into"), fields: fieldsOf(step) }];
    case "flatten":
      return [{ kind, at, from: path("from"), fields: fieldsOf(step) }];
    case "split":
      return [{ kind, at, from: path("from"), into: textsOf(own(step, "into")), cut, by: path("by") }];
    case "join":
      return [{ kind, at, from: textsOf(own(step, "from")), into: path("into"), cut, by: path("by") }];
    case "money": {
      const amount = own(step, "amount") === "major" ? "major" : "minor";
      const refusesOthers = own(step, "otherCurrency") === "unrepresentable";
      return [
        {
          kind,
          at,
          from: path("from"),
          to: path("to"),
          amount,
          scale: Number(own(step, "scale")),
          currency: path("currency"),
          refusesOthers,
        },
      ];
    }
    case "values": {
      const refusesOthers = own(step, "otherValues") === "unrepresentable";
      return [
        {
          kind,
          at,
          field: path("field"),
          up: renamingsOf(own(step, "up")),
          down: renamingsOf(own(step, "down")),
          refusesOthers,
        },
      ];
    }
    case "convert":
      return [{ kind, at, field: path("field"), from: scalarOf(own(step, "from")), to: scalarOf(own(step, "to")) }];
    case "add":
      return [{ kind, at, to: path("to"), value: own(step, "value") }];
    case "remove": {
      const value = own(step, "restore");
      return [{ kind, at, from: path("from"), restore: value === undefined ? undefined : { value } }];
    }
    case "each":
      return [{ kind, at, in: path("in"), steps: readSteps(document, own(step, "steps"), under(at, "steps"), open) }];
    case "wrap":
      return [{ kind, at, from: path("from"), to: path("to"), pick: own(step, "pick") === "last" ? "last" : "first" }];
    case "custom":
      return [
        {
          kind,
          at,
          up: path("up"),
          down: path("down"),
          reads: textsOf(own(step, "reads")),
          writes: textsOf(own(step, "writes")),
        },
      ];
    case "use":
      return [readUse(document, step, at, open)];
    default:
      return [];
  }
}

function readUse(document: unknown, step: unknown, at: Pointer, open: readonly Pointer[]): Step {
  const inside = own(step, "in");
  const named = pointerOfRef(textOf(own(step, "steps"))) ?? "";
  const { file } = placeIn(at);
  const target = file === "" ? named : under("", file) + named;
  const list = open.includes(target) ? undefined : nodeAt(document, target);
  return {
    kind: "use",
    at,
    in: inside === undefined ? undefined : textOf(inside),
    list: lastToken(target),
    steps: list === undefined ? [] : readSteps(document, list.value, list.at, [...open, target]),
  };
}

function fieldsOf(step: unknown): [string, string][] {
  const fields = own(step, "fields");
  return isObject(fields) ? Object.entries(fields).map(([from, to]) => [from, textOf(to)]) : [];
}

function renamingsOf(table: unknown): Renaming[] {
  return isObject(table) ? Object.entries(table) : [];
}

function lossesOf(lossy: Node | undefined, direction: "up" | "down"): Loss[] {
  const list = own(lossy?.value, direction);
  if (lossy === undefined || !Array.isArray(list)) return [];
  return list.map((loss: unknown, index) => ({
    at: under(lossy.at, direction, index),
    path: textOf(own(loss, "path")),
    why: textOf(own(loss, "why")),
  }));
}

function policyOf(policies: unknown, direction: "up" | "down"): { [direction: string]: UnrepresentablePolicy } {
  const policy = own(policies, direction);
  if (policy !== "skip-and-count" && policy !== "reject-publish" && policy !== "dead-letter") return {};
  return { [direction]: policy };
}

function scalarOf(value: unknown): Scalar {
  return value === "integer" || value === "number" ? value : "string";
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
