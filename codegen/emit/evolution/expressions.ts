/** Terms as expressions of TypeScript. Everything that a contract says gets in as a literal or as a quoted name. */
import { isPerhapsAbsent, isPerhapsMissing, isPerhapsNull, type Knowledge } from "../../evolution/mapping/presence.ts";
import { literalsOfTerm, namedLiterals } from "../../evolution/mapping/settle-values.ts";
import {
  keyOf,
  keysWith,
  subjectOf,
  type Call,
  type Chosen,
  type Cut,
  type Given,
  type Joined,
  type Term,
} from "../../evolution/mapping/terms.ts";
import type { Definitions } from "../json-schema.ts";
import { memberName, numberLiteral, objectKey, stringLiteral } from "../print/literal.ts";

/** What a file declares besides its functions, and shares between them. */
export interface Shared {
  readonly definitions: Definitions;
  /** Tables of values by the name of their constant. */
  readonly tables: Map<string, readonly (readonly [literal: unknown, value: unknown])[]>;
  /** The functions that cut texts. */
  readonly cuts: Set<string>;
}

/** What the code around an expression has made sure of and declared. */
export interface Sight {
  readonly shared: Shared;
  /** The direction, which names of tables end with. */
  readonly direction: "up" | "down";
  /** Given values that are neither absent nor null here. */
  readonly present: ReadonlySet<string>;
  /** Given values that a constant holds. */
  readonly constants: ReadonlyMap<string, string>;
  readonly results: ReadonlyMap<Call, string>;
}

/** What is known of given values in sight. */
export function knowledge({ shared, present }: Sight): Knowledge {
  return { definitions: shared.definitions, present };
}

/** The value itself. Where what it is found in may be missing, undefined is. */
export function access(given: Given, sight: Sight): string {
  const constant = sight.constants.get(keyOf(given));
  if (constant !== undefined) return constant;
  const { inside, name, pick } = given;
  if (inside === undefined) return name;
  const isMissing = isPerhapsMissing(inside, knowledge(sight));
  const base = access(inside, sight);
  if (pick === "first") return `${base}${isMissing ? "?." : ""}[0]`;
  if (pick === "last") return `${base}${isMissing ? "?." : "."}at(-1)`;
  const isPlain = memberName(name) === name;
  return isPlain
    ? `${base}${isMissing ? "?." : "."}${name}`
    : `${base}${isMissing ? "?." : ""}[${stringLiteral(name)}]`;
}

/** Conditions that hold when a value is there; and not null, where that matters. None when it always is. */
export function conditions(term: Term, sight: Sight, alsoNull: boolean): string[] {
  const known = knowledge(sight);
  const ask = (inner: Term, nulls = alsoNull) => conditions(inner, sight, nulls);
  switch (term.kind) {
    case "given": {
      if (sight.present.has(keyOf(term))) return [];
      const value = access(term, sight);
      return [
        ...(isPerhapsAbsent(term, known) ? [`${value} !== undefined`] : []),
        ...(alsoNull && isPerhapsNull(term, known) ? [`${value} !== null`] : []),
      ];
    }
    case "built": {
      if (term.origin !== undefined) return ask(term.origin);
      const each = [...term.fields.values()].map((field) => ask(field.term).join(" && "));
      if (each.includes("")) return [];
      return [each.length === 1 ? (each[0] ?? "") : `(${each.join(" || ")})`];
    }
    case "cut":
      if (term.side === "before") return ask(term.of);
      return [
        ...ask(term.of, true),
        `${expression(term.of, beyond(term.of, sight))}.includes(${stringLiteral(term.by)})`,
      ];
    case "joined":
      return ask(term.first);
    case "chosen":
    case "converted":
    case "scaled":
    case "listed":
    case "wrapped":
      return ask(term.of);
    case "returned":
      if (!isPerhapsAbsent(term, known)) return [];
      return [`${resultOf(term.call, term.name, sight)} !== undefined`];
    case "constant":
      return [];
  }
}

/** What is in sight once a value is known to be there. */
export function beyond(term: Term, sight: Sight): Sight {
  const present = new Set([...sight.present, ...keysWith(term)]);
  return { ...sight, present };
}

/** A value that is there, and not null unless it is handed on as it is. */
export function expression(term: Term, sight: Sight): string {
  switch (term.kind) {
    case "given":
      return access(term, sight);
    case "constant":
      return literal(term.value);
    case "chosen":
      return chosen(term, sight);
    case "converted":
      if (term.to === "string") return `String(${expression(term.of, sight)})`;
      return term.from === "string" ? `Number(${expression(term.of, sight)})` : expression(term.of, sight);
    case "cut":
      sight.shared.cuts.add(cutName(term));
      return `${cutName(term)}(${expression(term.of, sight)}, ${stringLiteral(term.by)})`;
    case "joined":
      return joined(term, sight);
    case "scaled": {
      const of = operand(term.of, sight);
      return term.how === "times"
        ? `Math.round(${of} * ${numberLiteral(term.factor)})`
        : `${of} / ${numberLiteral(term.factor)}`;
    }
    case "returned":
      return resultOf(term.call, term.name, sight);
    case "built":
    case "listed":
    case "wrapped":
      throw new Error(`a ${term.kind} value is printed by its plan`);
  }
}

/** The function that gives one side of a text: `beforeFirst`. */
function cutName({ side, cut }: Pick<Cut, "side" | "cut">): string {
  return `${side}${cut === "first" ? "First" : "Last"}`;
}

/** A value of the contract as code. */
export function literal(value: unknown): string {
  if (typeof value === "string") return stringLiteral(value);
  if (typeof value === "number") return numberLiteral(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const members = Object.entries(value).map(([name, member]) => `${objectKey(name)}: ${literal(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** Up to two values are compared, more are looked up. */
function chosen(term: Chosen, sight: Sight): string {
  const literals = literalsOfTerm(term.of, sight.shared);
  const changed = namedLiterals(term.table, literals).filter(([from, to]) => from !== to);
  const value = expression(term.of, sight);
  if (changed.length === 0) return value;
  if (changed.length > 2 && literals?.every((one) => typeof one === "string") && !term.refusesOthers) {
    const name = tableName(term, sight);
    sight.shared.tables.set(
      name,
      literals.map((one) => [one, changed.find(([from]) => from === one)?.[1] ?? one]),
    );
    return `${name}[${value}]`;
  }
  const isWhole = literals !== undefined && literals.every((one) => changed.some(([from]) => from === one));
  const tested = isWhole ? changed.slice(0, -1) : changed;
  const last = isWhole ? literal(changed.at(-1)?.[1]) : value;
  return [...tested.map(([from, to]) => `${value} === ${literal(from)} ? ${literal(to)}`), last].join(" : ");
}

/** `statusDown`, and numbered where two fields have the same name. */
function tableName({ of, table }: Chosen, { direction, shared }: Sight): string {
  const field = (subjectOf(of)?.name ?? "values").replace(
    /[^A-Za-z0-9]+(.)?/g,
    (_match, next: string | undefined) => next?.toUpperCase() ?? "",
  );
  const base = `${/^[a-z]/i.test(field) ? field.charAt(0).toLowerCase() + field.slice(1) : "values"}${direction === "up" ? "Up" : "Down"}`;
  const isTaken = (name: string) => {
    const known = shared.tables.get(name);
    return known !== undefined && table.some(([from, to]) => known.find(([one]) => one === from)?.[1] !== to);
  };
  let name = base;
  for (let suffix = 2; isTaken(name); suffix++) name = `${base}${suffix}`;
  return name;
}

function joined({ first, second, by }: Joined, sight: Sight): string {
  const tests = conditions(second, sight, true);
  const one = expression(first, sight);
  const separator = stringLiteral(by)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replace(/`|\$(?=\{)/g, "\\$&");
  const both = `\`\${${one}}${separator}\${${expression(second, beyond(second, sight))}}\``;
  return tests.length === 0 ? both : `${tests.join(" && ")} ? ${both} : ${one}`;
}

function resultOf(call: Call, name: string, { results }: Sight): string {
  const variable = results.get(call) ?? "made";
  return memberName(name) === name ? `${variable}.${name}` : `${variable}[${stringLiteral(name)}]`;
}

/** The expression in parentheses where it would fall apart. */
function operand(term: Term, sight: Sight): string {
  const text = expression(term, sight);
  return term.kind === "chosen" || term.kind === "joined" ? `(${text})` : text;
}
