/** A payload while operations change it: fields are taken from it and put into it by path. */
import type { Definitions } from "../../emit/json-schema.ts";
import { isIdentifier } from "../../emit/print/literal.ts";
import type { JsonSchema } from "../../model/model.ts";
import { under } from "../../spec/pointer.ts";
import { meant } from "../../suggest.ts";
import { refuse } from "./fault.ts";
import type { Spot } from "./operations.ts";
import { schemaAt, viewElement, viewObject } from "./schema-view.ts";
import type { Built, Field, Given, Listed, Scope, Term } from "./terms.ts";

/** The properties that the runtime stamps, and that no mapping carries. */
const STAMPED = ["version", "meta"];

/** One object of a payload in the making, with what is needed to change it. */
export class Payload {
  readonly root: Built;
  readonly scope: Scope;
  /** The value that the object was, for what a hand-written function is handed. */
  readonly given: Given;
  /** What diagnostics call the payload: `OrderCreatedV1`. */
  readonly #name: string;
  readonly #definitions: Definitions;

  constructor(root: Built, given: Given, scope: Scope, name: string, definitions: Definitions) {
    this.root = root;
    this.given = given;
    this.scope = scope;
    this.#name = name;
    this.#definitions = definitions;
  }

  /** A whole payload of a version, as a function is given it. */
  static of(given: Given, name: string, definitions: Definitions): Payload {
    const root = expand(given, definitions);
    if (typeof root === "string") throw new Error(`${name} ${root}`);
    for (const stamped of STAMPED) root.fields.delete(stamped);
    return new Payload({ ...root, origin: undefined }, given, { statements: [] }, name, definitions);
  }

  /** Takes a value away. What it leaves empty stays, until it is clear that nothing else is put there. */
  take({ path, at }: Spot): Term {
    const owner = this.#owners({ path, at }).at(-1) ?? this.root;
    const last = path.at(-1) ?? "";
    const field = owner.fields.get(last) ?? this.#missing(path, path.length - 1, owner, at);
    owner.fields.delete(last);
    return field.term;
  }

  /** Reads a value, and leaves it. */
  read({ path, at }: Spot): Term {
    const owner = this.#owners({ path, at }).at(-1) ?? this.root;
    return (owner.fields.get(path.at(-1) ?? "") ?? this.#missing(path, path.length - 1, owner, at)).term;
  }

  /** Puts a value where there is none, and makes the objects around it. */
  put({ path, at }: Spot, term: Term): void {
    const owner = this.#owners({ path, at }, true).at(-1) ?? this.root;
    const last = path.at(-1) ?? "";
    const taken = owner.fields.get(last);
    if (taken !== undefined && !isEmptied(taken.term)) {
      const hint =
        taken.by === undefined
          ? "Move or remove that one in an earlier step, or choose another name."
          : "Two steps write the same place.";
      refuse("EVOLVES_COLLISION", at, `there is a value at ${pointerOf(path)} already`, hint);
    }
    owner.fields.set(last, { term, by: at });
  }

  /** Puts another value in the place of one. */
  replace(spot: Spot, change: (term: Term) => Term): void {
    const owner = this.#owners(spot).at(-1) ?? this.root;
    const last = spot.path.at(-1) ?? "";
    const field = owner.fields.get(last) ?? this.#missing(spot.path, spot.path.length - 1, owner, spot.at);
    owner.fields.set(last, { term: change(field.term), by: field.by });
  }

  /** The object at a path as a payload of its own. */
  within(spot: Spot): Payload {
    const inner: Spot = { path: [...spot.path, ""], at: spot.at };
    const object = this.#owners(inner).at(-1) ?? this.root;
    const given = object.origin?.kind === "given" ? object.origin : this.given;
    return new Payload(object, given, this.scope, `${this.#name} (in ${pointerOf(spot.path)})`, this.#definitions);
  }

  /** Each element of the list at a path, as a payload of its own. */
  each(spot: Spot): Payload {
    let found: { readonly listed: Listed; readonly element: Built } | undefined;
    this.replace(spot, (term) => {
      const listed = term.kind === "listed" ? term : this.#list(term, spot);
      const element = listed.element.kind === "built" ? listed.element : expand(listed.variable, this.#definitions);
      if (typeof element === "string") {
        return refuse(
          "EVOLVES_TYPE",
          spot.at,
          `an element of ${pointerOf(spot.path)} ${element}`,
          "each works on lists of objects.",
        );
      }
      found = { listed: { ...listed, element }, element };
      return found.listed;
    });
    if (found === undefined) throw new Error("a list was replaced by itself");
    const { listed, element } = found;
    return new Payload(
      element,
      listed.variable,
      listed.scope,
      `an element of ${pointerOf(spot.path)}`,
      this.#definitions,
    );
  }

  #list(term: Term, { path, at }: Spot): Listed {
    const element = term.kind === "given" ? viewElement(term.schema, this.#definitions) : undefined;
    if (term.kind !== "given" || element === undefined) {
      return refuse(
        "EVOLVES_TYPE",
        at,
        `${pointerOf(path)} is no list of elements that are alike`,
        "each works on lists.",
      );
    }
    const variable = elementOf(term, element, variablesAround(this.given));
    return { kind: "listed", of: term, variable, element: variable, scope: { statements: [] } };
  }

  /** The objects that lead to a path, the root first. */
  #owners({ path, at }: Spot, create = false): Built[] {
    const owners = [this.root];
    for (const [depth, name] of path.slice(0, -1).entries()) {
      const owner = owners[depth] ?? this.root;
      const field: Field =
        owner.fields.get(name) ?? (create ? { term: emptyObject(), by: at } : this.#missing(path, depth, owner, at));
      const object =
        field.term.kind === "built"
          ? field.term
          : field.term.kind === "given"
            ? expand(field.term, this.#definitions)
            : "is made by an earlier step";
      if (typeof object === "string") {
        return refuse(
          "EVOLVES_TYPE",
          at,
          `${pointerOf(path.slice(0, depth + 1))} ${object}`,
          "Steps reach into objects that list their properties.",
        );
      }
      owner.fields.set(name, { term: object, by: field.by });
      owners.push(object);
    }
    return owners;
  }

  #missing(path: readonly string[], depth: number, owner: Built, at: Spot["at"]): never {
    const around = path.slice(0, depth);
    const name = path[depth] ?? "";
    if (depth === 0 && this.given.inside === undefined && STAMPED.includes(name)) {
      return refuse("EVOLVES_PATH", at, `/${name} is stamped by the runtime`, "Leave it out of the steps.");
    }
    const had = schemaAt(this.given.schema, [...around, name], this.#definitions) !== undefined;
    const message = had
      ? `an earlier step took ${pointerOf(path.slice(0, depth + 1))} from ${this.#name}`
      : `${this.#name} has no ${pointerOf(path.slice(0, depth + 1))}`;
    const known = [...owner.fields.keys()].map((other) => pointerOf([...around, other]));
    return refuse("EVOLVES_PATH", at, message, meant(pointerOf([...around, name]), known));
  }
}

/** Whether steps took everything out of an object. */
export function isEmptied(term: Term): boolean {
  return term.kind === "built" && [...term.fields.values()].every((field) => isEmptied(field.term));
}

/** The value as an object of its properties, or why it is none. */
export function expand(given: Given, definitions: Definitions): Built | string {
  const view = viewObject(given.schema, definitions);
  if (view === undefined) return "is not an object with properties of its own";
  if (view.isDictionary) return "has names that its schema does not list, which steps cannot carry";
  const fields = [...view.properties].map(([name, { schema, required }]): [string, Field] => {
    const term: Given = { kind: "given", inside: given, name, schema, required, path: [...given.path, name] };
    return [name, { term, by: undefined }];
  });
  return { kind: "built", fields: new Map(fields), origin: given };
}

/** The variable that holds each element of a list. */
export function elementOf(list: Given, schema: JsonSchema, taken: readonly string[]): Given {
  const plural = list.name;
  const singular = plural.endsWith("ies") ? `${plural.slice(0, -3)}y` : plural.replace(/(?<=[^s])s$/, "");
  const wanted = singular !== plural && isIdentifier(singular) ? singular : "element";
  let name = wanted;
  for (let suffix = 2; taken.includes(name); suffix++) name = `${wanted}${suffix}`;
  return { kind: "given", inside: undefined, name, schema, required: true, path: [...list.path, "*"], list };
}

/** The variables that are in sight where the value is. */
export function variablesAround(given: Given): readonly string[] {
  const names = ["from", "custom", "up", "down"];
  for (let outer: Given | undefined = given; outer !== undefined; outer = outer.inside ?? outer.list) {
    if (outer.inside === undefined) names.push(outer.name);
  }
  return names;
}

/** A path as it is written in the contract. */
export function pointerOf(path: readonly string[]): string {
  return under("", ...path);
}

function emptyObject(): Built {
  return { kind: "built", fields: new Map(), origin: undefined };
}
