/** Edits of the members of an object: added, removed, renamed, required, optional. */
import { isList, isObject, type JsonObject, own } from "../spec/json.ts";
import { under } from "../spec/pointer.ts";
import type { Edit, Pair, Part } from "./edit.ts";
import { isSame } from "./same.ts";

/** The edits of two objects' members, and what `compare` says of members that both have. */
export function objectEdits(
  pair: Pair,
  before: JsonObject,
  after: JsonObject,
  compare: (pair: Pair) => readonly Edit[],
): Edit[] {
  const members = new Members(pair, before, after);
  const renamed = members.renamed();
  const added = members.added.filter((name) => name !== renamed?.to);
  const removed = members.removed.filter((name) => name !== renamed?.from);
  return [
    ...(renamed === undefined ? [] : [members.renameEdit(renamed.from, renamed.to)]),
    ...members.kept.flatMap((name) => compare(members.inside(name))),
    ...added.map((name) => members.additionEdit(name)),
    ...removed.map((name) => members.removalEdit(name)),
    ...members.requirementEdits(),
  ];
}

/** The members of two schemas of one object. */
class Members {
  readonly #pair: Pair;
  readonly #old: JsonObject;
  readonly #new: JsonObject;
  readonly #wasRequired: readonly string[];
  readonly #isRequired: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly kept: readonly string[];

  constructor(pair: Pair, before: JsonObject, after: JsonObject) {
    this.#pair = pair;
    this.#old = propertiesOf(before);
    this.#new = propertiesOf(after);
    this.#wasRequired = requiredOf(before);
    this.#isRequired = requiredOf(after);
    this.added = Object.keys(this.#new).filter((name) => !Object.hasOwn(this.#old, name));
    this.removed = Object.keys(this.#old).filter((name) => !Object.hasOwn(this.#new, name));
    this.kept = Object.keys(this.#new).filter((name) => Object.hasOwn(this.#old, name));
  }

  inside(name: string): Pair {
    return {
      before: this.#old[name],
      after: this.#new[name],
      inBase: under(this.#pair.inBase, "properties", name),
      inCurrent: under(this.#pair.inCurrent, "properties", name),
      path: under(this.#pair.path, name),
    };
  }

  /** One went and one came, which is the same but for its name. */
  renamed(): { readonly from: string; readonly to: string } | undefined {
    const [from, ...otherFrom] = this.removed;
    const [to, ...otherTo] = this.added;
    if (from === undefined || to === undefined || otherFrom.length > 0 || otherTo.length > 0) return undefined;
    const isOne =
      isSame(this.#old[from], this.#new[to]) && this.#wasRequired.includes(from) === this.#isRequired.includes(to);
    return isOne ? { from, to } : undefined;
  }

  renameEdit(from: string, to: string): Edit {
    const required = this.#isRequired.includes(to);
    return {
      kind: "property-renamed",
      path: under(this.#pair.path, to),
      what: `renames ${from} to ${to}`,
      at: this.inside(to).inCurrent,
      before: from,
      after: to,
      parts: [
        ...this.#property(from),
        ...this.#property(to),
        ...(required
          ? [
              this.#requirement(
                [...this.#wasRequired.filter((name) => name !== from), to],
                [...this.#isRequired.filter((name) => name !== to), from],
              ),
            ]
          : []),
      ],
    };
  }

  additionEdit(name: string): Edit {
    const required = this.#isRequired.includes(name);
    const hasDefault = own(this.#new[name], "default") !== undefined;
    return {
      kind: "property-added",
      path: under(this.#pair.path, name),
      what: `adds the ${required ? "required" : "optional"} property ${name}${required && hasDefault ? ", whose default no reader fills in" : ""}`,
      at: this.inside(name).inCurrent,
      before: undefined,
      after: this.#new[name],
      parts: [
        ...this.#property(name),
        ...(required && !this.#wasRequired.includes(name) ? [this.#requiring(name)] : []),
      ],
    };
  }

  removalEdit(name: string): Edit {
    const required = this.#wasRequired.includes(name);
    return {
      kind: "property-removed",
      path: under(this.#pair.path, name),
      what: `removes the ${required ? "required" : "optional"} property ${name}`,
      at: under(this.#pair.inCurrent, "properties"),
      before: this.#old[name],
      after: undefined,
      parts: [
        ...this.#property(name),
        ...(required && !this.#isRequired.includes(name) ? [this.#releasing(name)] : []),
      ],
    };
  }

  /** Members that became required or optional and are not told of already. */
  requirementEdits(): Edit[] {
    const at = under(this.#pair.inCurrent, "required");
    const edit = (name: string, required: boolean): Edit => ({
      kind: required ? "required-added" : "required-removed",
      path: under(this.#pair.path, name),
      what: `makes ${name} ${required ? "required" : "optional"}`,
      at: this.kept.includes(name) ? this.inside(name).inCurrent : at,
      before: !required,
      after: required,
      parts: [required ? this.#requiring(name) : this.#releasing(name)],
    });
    const came = this.#isRequired.filter((name) => !this.#wasRequired.includes(name) && !this.added.includes(name));
    const went = this.#wasRequired.filter((name) => !this.#isRequired.includes(name) && !this.removed.includes(name));
    return [...came.map((name) => edit(name, true)), ...went.map((name) => edit(name, false))];
  }

  #property(name: string): Part[] {
    const { inBase, inCurrent } = this.inside(name);
    return [{ inBase, applied: this.#new[name], inCurrent, reverted: this.#old[name] }];
  }

  #requiring(name: string): Part {
    return this.#requirement([...this.#wasRequired, name], without(this.#isRequired, name));
  }

  #releasing(name: string): Part {
    return this.#requirement(without(this.#wasRequired, name), [...this.#isRequired, name]);
  }

  #requirement(applied: readonly string[], reverted: readonly string[]): Part {
    const [inBase, inCurrent] = [under(this.#pair.inBase, "required"), under(this.#pair.inCurrent, "required")];
    return { inBase, applied, inCurrent, reverted };
  }
}

function without(names: readonly string[], name: string): string[] {
  return names.filter((other) => other !== name);
}

function propertiesOf(schema: JsonObject): JsonObject {
  const properties = own(schema, "properties");
  return isObject(properties) ? properties : {};
}

function requiredOf(schema: JsonObject): readonly string[] {
  const required = own(schema, "required");
  return isList(required) ? required.filter((name) => typeof name === "string") : [];
}
