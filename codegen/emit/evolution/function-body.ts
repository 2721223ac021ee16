/** The body of `up` and `down`: what is done first, and the payload that is returned. */
import type { Mapping } from "../../evolution/mapping/mapping.ts";
import { listsIn, statementsIn } from "../../evolution/mapping/mapping.ts";
import type { Member, Plan, Settled } from "../../evolution/mapping/plan.ts";
import { isPerhapsAbsent, isPerhapsNull } from "../../evolution/mapping/presence.ts";
import { keyOf, subjectOf, type Given, type Scope, type Statement, type Term } from "../../evolution/mapping/terms.ts";
import { isIdentifier, objectKey, stringLiteral } from "../print/literal.ts";
import { access, beyond, conditions, expression, knowledge, literal, type Shared, type Sight } from "./expressions.ts";

/** An object that is shorter stays on one line. */
const LINE = 90;

type List = Extract<Plan, { readonly kind: "list" }>;

export interface BodyOptions {
  readonly shared: Shared;
  readonly direction: "up" | "down";
  /** Whether hand-written functions may say that there is no such event. */
  readonly mayRefuse: boolean;
  /** The type of the value at a path of the other version. */
  readonly typeAt: (path: readonly string[]) => string;
}

/** The lines between the braces, without indentation. */
export function functionBody(mapping: Mapping, options: BodyOptions): string {
  const sight: Sight = {
    shared: options.shared,
    direction: options.direction,
    present: new Set(),
    constants: new Map(),
    results: new Map(),
  };
  const writer = new BodyWriter(options);
  const { lines, sight: inside } = writer.before(mapping.plan, mapping.scope, sight);
  return [...lines, `return ${writer.plan(mapping.plan, inside, true)};`].join("\n");
}

class BodyWriter {
  readonly #options: BodyOptions;
  readonly #taken = new Set(["from", "custom", "up", "down"]);
  readonly #lists = new Map<Plan, string>();

  constructor(options: BodyOptions) {
    this.#options = options;
  }

  /** What must be done before the values of a scope can be put together. */
  before(plan: Plan, scope: Scope, outer: Sight): { lines: string[]; sight: Sight } {
    const lines: string[] = [];
    let sight = outer;
    for (const statement of scope.statements) {
      const done = this.#statement(statement, sight);
      lines.push(...done.lines);
      sight = done.sight;
    }
    for (const list of listsIn(plan).filter(needsLoop)) lines.push(...this.#loop(list, sight));
    return { lines, sight };
  }

  /** @param isLong Gives each member of an object a line. */
  plan(plan: Plan, sight: Sight, isLong = false): string {
    switch (plan.kind) {
      case "value":
        return expression(plan.term, sight);
      case "wrapped":
        return `[${this.plan(plan.element, sight)}]`;
      case "list": {
        const looped = this.#lists.get(plan);
        if (looped !== undefined) return looped;
        const of = `${access(plan.of, sight)}.map((${plan.variable.name}) => `;
        const short = this.#settled(plan.element, sight);
        const element = of.length + short.length > LINE ? this.#settled(plan.element, sight, true) : short;
        return `${of}${element.startsWith("{") ? `(${element})` : element})`;
      }
      case "object":
        return object(
          plan.members.map((member) => this.#member(member, sight)),
          isLong,
        );
    }
  }

  #member(member: Member, sight: Sight): string {
    const { name, term, absent, nulls } = member;
    if (absent !== "omit" && nulls !== "omit") return property(name, this.#settled(member, sight));
    const tests = conditions(term, sight, nulls === "omit");
    const value = this.#settled(
      { ...member, absent: "never" },
      nulls === "omit" ? beyond(term, sight) : inside(term, sight),
    );
    return `...(${tests.join(" && ")} && ${object([property(name, value)], false)})`;
  }

  /** The value, with what is done where it is absent or null. */
  #settled({ plan, term, absent, nulls }: Settled, sight: Sight, isLong = false): string {
    const isHandedOn = plan.kind === "value" && plan.term.kind === "given";
    if (absent === "null" && isHandedOn) return `${expression(plan.term, sight)} ?? null`;
    const otherwise = absent === "empty" || nulls === "empty" ? "[]" : "null";
    if (absent === "null" || absent === "empty" || nulls === "empty") {
      const subject = term.kind === "wrapped" ? term.of : term;
      const tests = conditions(subject, sight, nulls !== "never" && (nulls !== "keep" || absent === "null"));
      return `${tests.join(" && ")} ? ${this.plan(plan, beyond(subject, sight), isLong)} : ${otherwise}`;
    }
    if (nulls !== "keep" || isHandedOn || plan.kind === "wrapped") return this.plan(plan, sight, isLong);
    const subject = subjectOf(term);
    if (subject === undefined || sight.present.has(keyOf(subject))) return this.plan(plan, sight, isLong);
    return `${access(subject, sight)} === null ? null : ${this.plan(plan, beyond(term, sight), isLong)}`;
  }

  #statement(statement: Statement, sight: Sight): { lines: string[]; sight: Sight } {
    const giveUp = (condition: string) => ({ lines: [`if (${condition}) return UNREPRESENTABLE;`], sight });
    switch (statement.kind) {
      case "call": {
        const { call } = statement;
        const variable = this.#name("made");
        const called = `const ${variable} = custom.${call.function}(${access(call.given, sight)});`;
        const check = this.#options.mayRefuse ? [`if (${variable} === UNREPRESENTABLE) return UNREPRESENTABLE;`] : [];
        return {
          lines: [called, ...check],
          sight: { ...sight, results: new Map([...sight.results, [call, variable]]) },
        };
      }
      case "other currency": {
        const value = access(statement.of, sight);
        const currency = stringLiteral(statement.currency);
        return giveUp(
          isPerhapsAbsent(statement.of, knowledge(sight))
            ? `(${value} ?? ${currency}) !== ${currency}`
            : `${value} !== ${currency}`,
        );
      }
      case "other value": {
        const { of } = statement.of;
        const there = conditions(of, sight, true);
        const value = expression(of, beyond(of, sight));
        return giveUp([...there, ...statement.values.map((one) => `${value} !== ${literal(one)}`)].join(" && "));
      }
      case "inexact":
        return giveUp(inexact(statement.of.of, statement.of.from, statement.of.to, sight));
      case "no separator":
        return giveUp(`!${expression(statement.of.of, sight)}.includes(${stringLiteral(statement.of.by)})`);
      case "element":
        return this.#element(statement.of, sight);
      case "no element": {
        const known = sight.constants.get(keyOf(statement.of));
        const { lines, sight: after } = known === undefined ? this.#element(statement.of, sight) : { lines: [], sight };
        const name = access(statement.of, after);
        return {
          lines: [...lines, `if (${name} === undefined) return UNREPRESENTABLE;`],
          sight: isPerhapsNull(statement.of, knowledge(after)) ? after : beyond(statement.of, after),
        };
      }
    }
  }

  /** An element of a list as a constant. */
  #element(of: Given, sight: Sight): { lines: string[]; sight: Sight } {
    const name = this.#name(identifier(of.name, "element"));
    const constants = new Map([...sight.constants, [keyOf(of), name]]);
    return { lines: [`const ${name} = ${access(of, sight)};`], sight: { ...sight, constants } };
  }

  /** A list whose elements cannot all be mapped, or take more than an expression. */
  #loop(list: List, sight: Sight): string[] {
    const name = this.#name(identifier(list.path.findLast((token) => token !== "*") ?? "", "list"));
    const known = knowledge(sight);
    const of = access(list.of, sight);
    const isMissing = isPerhapsAbsent(list.of, known) || isPerhapsNull(list.of, known);
    const { lines, sight: within } = this.before(list.element.plan, list.scope, sight);
    const element = this.#settled(list.element, within);
    this.#lists.set(list, name);
    return [
      `const ${name}: ${this.#options.typeAt([...list.path, "*"])}[] = [];`,
      `for (const ${list.variable.name} of ${isMissing ? `${of} ?? []` : of}) {`,
      ...[...lines, `${name}.push(${element});`].map(indented),
      "}",
    ];
  }

  #name(wanted: string): string {
    let name = wanted;
    for (let suffix = 2; this.#taken.has(name); suffix++) name = `${wanted}${suffix}`;
    this.#taken.add(name);
    return name;
  }
}

/** Present, though perhaps null. */
function inside(term: Term, sight: Sight): Sight {
  const subject = subjectOf(term);
  if (subject === undefined) return sight;
  const within = subject.inside === undefined ? sight : beyond(subject.inside, sight);
  return isPerhapsNull(subject, knowledge(sight)) ? within : beyond(term, sight);
}

function inexact(of: Term, from: string, to: string, sight: Sight): string {
  const there = conditions(of, sight, true);
  const value = expression(of, beyond(of, sight));
  if (from !== "string") return [...there, `!Number.isInteger(${value})`].join(" && ");
  const isNumber = to === "integer" ? "isSafeInteger" : "isFinite";
  const test = `!Number.${isNumber}(Number(${value})) || String(Number(${value})) !== ${value}`;
  return there.length === 0 ? test : `${there.join(" && ")} && (${test})`;
}

function needsLoop(list: List): boolean {
  return statementsIn(list.element.plan, list.scope).length > 0;
}

function property(name: string, value: string): string {
  return value === objectKey(name) ? value : `${objectKey(name)}: ${value}`;
}

function object(members: readonly string[], isLong: boolean): string {
  const line = `{ ${members.join(", ")} }`;
  if (members.length === 0) return "{}";
  if (!isLong && line.length <= LINE && !line.includes("\n")) return line;
  return `{\n${members.map((member) => `${indented(member)},\n`).join("")}}`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

function identifier(name: string, otherwise: string): string {
  return isIdentifier(name) ? name : otherwise;
}
