/** Carries operations out on a payload in the making. */
import type { Definitions } from "../../emit/json-schema.ts";
import type { JsonType } from "../../emit/types/json-types.ts";
import type { Scalar } from "../../spec/evolution.ts";
import type { Pointer } from "../../spec/pointer.ts";
import { Refused, refuse, type Fault } from "./fault.ts";
import type { Operation, Spot } from "./operations.ts";
import { pointerOf, type Payload } from "./payload.ts";
import { isPerhapsMissing } from "./presence.ts";
import { typesOf, viewElement, viewLiterals, viewObject, withoutNull } from "./schema-view.ts";
import type { Call, Given, Term } from "./terms.ts";

/** What carrying out operations came to, besides the payload. */
export interface Applied {
  readonly faults: readonly Fault[];
  /** The paths of what was dropped, with the steps that did. */
  readonly dropped: ReadonlyMap<string, Pointer>;
}

/** Changes the payload. An operation that cannot be carried out is left out and reported. */
export function applyOperations(payload: Payload, operations: readonly Operation[], definitions: Definitions): Applied {
  const faults: Fault[] = [];
  const dropped = new Map<string, Pointer>();
  const run = (target: Payload, list: readonly Operation[]): void => {
    for (const operation of list) {
      try {
        if (isScoped(operation)) run(scopeOf(target, operation), operation.operations);
        else if (operation.kind === "drop") noteDropped(target.take(operation.from), operation.at, dropped);
        else apply(target, operation, definitions);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        faults.push(error.fault);
      }
    }
  };
  run(payload, operations);
  return { faults, dropped };
}

type Scoped = Extract<Operation, { readonly kind: "each" | "within" }>;

function isScoped(operation: Operation): operation is Scoped {
  return operation.kind === "each" || operation.kind === "within";
}

function scopeOf(payload: Payload, { kind, in: spot }: Scoped): Payload {
  if (spot === undefined) return payload;
  return kind === "each" ? payload.each(spot) : payload.within(spot);
}

function noteDropped(term: Term, at: Pointer, dropped: Map<string, Pointer>): void {
  if (term.kind === "given") dropped.set(pointerOf(term.path), at);
  if (term.kind === "built") for (const field of term.fields.values()) noteDropped(field.term, at, dropped);
}

type Simple = Exclude<Operation, Scoped | { readonly kind: "drop" }>;

function apply(payload: Payload, operation: Simple, definitions: Definitions): void {
  const { at } = operation;
  switch (operation.kind) {
    case "move":
      return payload.put(operation.to, payload.take(operation.from));
    case "put":
      return payload.put(operation.to, { kind: "constant", value: operation.value, at: operation.valueAt });
    case "cut": {
      const { cut, by, into } = operation;
      const of = takeTyped(payload, operation.from, "string", definitions);
      payload.put(into[0], { kind: "cut", of, side: "before", cut, by, at });
      return payload.put(into[1], { kind: "cut", of, side: "behind", cut, by, at });
    }
    case "join": {
      const [first, second] = operation.from.map((spot) => takeTyped(payload, spot, "string", definitions));
      if (first === undefined || second === undefined) throw new Error("two texts are joined");
      return payload.put(operation.into, { kind: "joined", first, second, by: operation.by });
    }
    case "price": {
      const { factor, currency } = operation;
      const of = takeTyped(payload, operation.from, "number", definitions);
      const amount: Term = factor === 1 ? of : { kind: "scaled", of, factor, how: "times" };
      const fields = new Map([
        ["amount", { term: amount, by: undefined }],
        ["currency", { term: { kind: "constant", value: currency, at: `${at}/currency` } as const, by: undefined }],
      ]);
      return payload.put(operation.to, { kind: "built", fields, origin: of });
    }
    case "unprice":
      return unprice(payload, operation, definitions);
    case "choose": {
      const { field, table, tableAt, refusesOthers } = operation;
      return payload.replace(field, (of) => ({ kind: "chosen", of, table, tableAt, at, refusesOthers }));
    }
    case "convert": {
      const { field, from, to } = operation;
      return payload.replace(field, (term) => {
        const of = typed(term, field, jsonType(from), definitions);
        return from === to || (from === "integer" && to === "number") ? of : { kind: "converted", of, from, to, at };
      });
    }
    case "wrap":
      return payload.put(operation.to, { kind: "wrapped", of: payload.take(operation.from) });
    case "pick":
      return pick(payload, operation, definitions);
    case "call":
      return call(payload, operation, definitions);
  }
}

function unprice(
  payload: Payload,
  operation: Extract<Operation, { readonly kind: "unprice" }>,
  definitions: Definitions,
): void {
  const { from, to, factor, currency, refusesOthers, at } = operation;
  const money = payload.take(from);
  const view = money.kind === "given" ? viewObject(money.schema, definitions) : undefined;
  const amountView = view?.properties.get("amount");
  const currencyView = view?.properties.get("currency");
  if (money.kind !== "given" || amountView === undefined || currencyView === undefined) {
    return refuse(
      "EVOLVES_TYPE",
      from.at,
      `${pointerOf(from.path)} is no object of amount and currency`,
      "money makes { amount, currency }.",
    );
  }
  const member = (name: string, { schema, required }: typeof amountView): Given => ({
    ...{ kind: "given", inside: money, name, schema, required, path: [...money.path, name] },
  });
  const amount = typed(member("amount", amountView), from, "number", definitions);
  const currencyGiven = member("currency", currencyView);
  const currencies = viewLiterals(currencyView.schema, definitions);
  if (currencies?.length !== 1 || currencies[0] !== currency) {
    if (!refusesOthers) {
      const hint = "Add otherCurrency: unrepresentable, or let the schema allow no other.";
      refuse("EVOLVES_VALUES", from.at, `${pointerOf(from.path)} may be in another currency than ${currency}`, hint);
    }
    payload.scope.statements.push({ kind: "other currency", of: currencyGiven, currency, at });
  }
  payload.put(to, factor === 1 ? amount : { kind: "scaled", of: amount, factor, how: "divided by" });
}

function pick(
  payload: Payload,
  { from, to, which }: Extract<Operation, { readonly kind: "pick" }>,
  definitions: Definitions,
): void {
  const list = payload.take(from);
  const schema = list.kind === "given" ? viewElement(list.schema, definitions) : undefined;
  if (list.kind !== "given" || schema === undefined) {
    return refuse(
      "EVOLVES_TYPE",
      from.at,
      `${pointerOf(from.path)} is no list of elements that are alike`,
      "wrap makes a list of one value.",
    );
  }
  const element: Given = {
    kind: "given",
    inside: list,
    name: to.path.at(-1) ?? list.name,
    pick: which,
    schema,
    required: false,
    path: [...list.path, "*"],
  };
  // The compiler cannot follow a call from a test to its use.
  if (which === "last") payload.scope.statements.push({ kind: "element", of: element });
  payload.put(to, element);
}

/** The function is handed what all that it reads is found in. */
function call(
  payload: Payload,
  { function: name, reads, writes, at }: Extract<Operation, { readonly kind: "call" }>,
  definitions: Definitions,
): void {
  const given = reads.map((spot) => {
    const term = payload.take(spot);
    if (term.kind === "given") return term;
    const hint = "Let the custom step come before the steps that change what it reads.";
    return refuse(
      "EVOLVES_CUSTOM",
      spot.at,
      `${pointerOf(spot.path)} was changed by another step, so ${name} cannot read it`,
      hint,
    );
  });
  const results: Call["results"] = new Map();
  for (const spot of writes) {
    const result = spot.path.at(-1) ?? "";
    if (results.has(result))
      refuse(
        "EVOLVES_CUSTOM",
        spot.at,
        `${name} would write two results that are called ${result}`,
        "Rename one of them in a later step.",
      );
    results.set(result, undefined);
  }
  let holder = payload.given;
  while (holder.inside !== undefined && isPerhapsMissing(holder, { definitions, present: new Set() }))
    holder = holder.inside;
  const members = given.map(({ path }) => {
    if (holder.path.every((token, depth) => path[depth] === token)) return path[holder.path.length] ?? "";
    return refuse(
      "EVOLVES_CUSTOM",
      at,
      `${name} would read ${pointerOf(path)} from outside of ${pointerOf(holder.path)}`,
      "Let the custom step stand outside of each and use.",
    );
  });
  const made: Call = { function: name, at, given: holder, reads: [...new Set(members)], results };
  payload.scope.statements.push({ kind: "call", call: made });
  for (const spot of writes) payload.put(spot, { kind: "returned", call: made, name: spot.path.at(-1) ?? "" });
}

/** Takes a value away, when it is what the step works on. */
function takeTyped(payload: Payload, spot: Spot, wanted: JsonType, definitions: Definitions): Term {
  typed(payload.read(spot), spot, wanted, definitions);
  return payload.take(spot);
}

/** The term, when it is always of a type. */
function typed(term: Term, { path, at }: Spot, wanted: JsonType, definitions: Definitions): Term {
  const types = typesOfTerm(term, definitions);
  if (types === undefined || types.every((type) => type === wanted)) return term;
  const is = types.includes(wanted) ? "may be" : "is";
  const message = `${pointerOf(path)} ${is} ${types.map(withArticle).join(" or ")}, and this step works on ${withArticle(wanted)}`;
  return refuse("EVOLVES_TYPE", at, message, "A custom step can tell kinds of values apart.");
}

/** `a string`, as diagnostics say it. */
export function withArticle(type: JsonType): string {
  if (type === "null") return "null";
  return type === "object" ? "an object" : type === "array" ? "a list" : `a ${type}`;
}

/** The JSON types that a term may have, null aside; undefined for one that only code knows. */
function typesOfTerm(term: Term, definitions: Definitions): readonly JsonType[] | undefined {
  switch (term.kind) {
    case "given":
      return [...typesOf(withoutNull(term.schema, definitions), definitions)];
    case "cut":
    case "joined":
      return ["string"];
    case "scaled":
      return ["number"];
    case "converted":
      return [jsonType(term.to)];
    case "built":
      return ["object"];
    case "listed":
    case "wrapped":
      return ["array"];
    case "chosen":
    case "constant":
    case "returned":
      return undefined;
  }
}

function jsonType(scalar: Scalar): JsonType {
  return scalar === "string" ? "string" : "number";
}
