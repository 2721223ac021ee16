/** Changes single places in the text of a contract and leaves every other byte as it is. */
import { isDeepStrictEqual } from "node:util";
import { type Document, isAlias, isMap, isScalar, isSeq, parseDocument, visit, type YAMLMap } from "yaml";
import { lastToken, parent, type Pointer, under, within } from "../spec/pointer.ts";
import { findPlace } from "../spec/place.ts";
import { copiedText } from "./copied.ts";
import { endOf, findOwn, type ItemPlace, type MemberPlace, placesIn, startOf } from "./own-place.ts";
import { Layout } from "./layout.ts";
import { printed } from "./printed.ts";

/** Lines of a contract are not made longer than this where a list can be broken instead. */
const WIDTH = 120;

/** One place that was changed. */
export interface Change {
  readonly at: Pointer;
  /** The line in the new text, from 1. */
  readonly line: number;
  /** For a person: `draft → current`, `added`. */
  readonly what: string;
}

export interface SetOptions {
  /** The member that a new one is written behind; the last one when it is not there. */
  readonly after?: string;
  /** The value as lines of a block, for where a block can stand; otherwise it is written on one line. */
  readonly block?: readonly string[];
}

/** A place cannot be changed without changing others; the message is a whole sentence. */
export class CannotEdit extends Error {
  override readonly name = "CannotEdit";
}

/** A contract while it is changed. Its text must be well-formed. */
export class ContractEditor {
  #text: string;
  #document: Document.Parsed;
  #layout: Layout;
  readonly #changes: { readonly at: Pointer; readonly what: string }[] = [];

  constructor(text: string) {
    this.#text = text;
    this.#document = parsed(text);
    this.#layout = new Layout(text);
  }

  get text(): string {
    return this.#text;
  }

  /** What was changed, in the order of the text. */
  get changes(): readonly Change[] {
    const lines = (offset: number): number => this.#text.slice(0, offset).split("\n").length;
    const added = this.#changes.flatMap(({ at, what }) => (what.startsWith("added") ? at : []));
    return this.#changes
      .filter(
        ({ at, what }) => !added.some((outer) => within(at, outer) && !(outer === at && what.startsWith("added"))),
      )
      .map(({ at, what }) => ({ at, what, line: lines(findPlace(this.#document, at, "name")[0]) }))
      .toSorted((a, b) => a.line - b.line);
  }

  /** Whether the document itself writes something there. */
  has(at: Pointer): boolean {
    return findOwn(this.#document, at).is === "place";
  }

  /** What the document says there, aliases resolved. */
  value(at: Pointer): unknown {
    const found = findOwn(this.#document, at);
    if (found.is === "place") return found.place.value?.toJS(this.#document);
    return undefined;
  }

  /**
   * Writes a value: over the one that stands there, or as a new member of the mapping, behind `after` or else last.
   */
  set(at: Pointer, value: unknown, options: SetOptions = {}): void {
    if (options.block === undefined && this.has(at) && isDeepStrictEqual(this.value(at), value)) return;
    const found = this.#reach(at);
    if (found.is === "place") this.#overwrite(at, found.place, value, options.block);
    else if (found.at === parent(at) && isMap(found.parent)) this.#insert(at, found.parent, value, options);
    else throw new CannotEdit(`#${at} is not written where it can be changed: write it out there first.`);
  }

  /** Writes a member a second time under another key, right behind itself. */
  copy(at: Pointer, key: string): void {
    const found = this.#reach(at);
    if (found.is !== "place" || found.place.kind !== "member" || found.place.value === undefined) {
      throw new CannotEdit(`#${at} is not a member that can be copied.`);
    }
    const { place } = found;
    const from = endOf(place.key, this.#text);
    const copy = this.#layout.keyLike(place, key) + copiedText(this.#document, this.#text, found.place.value, from);
    this.#insertBehind(place, copy);
    this.#note(under(parent(at), key), `added, a copy of ${lastToken(at)}`);
  }

  /** Writes an element right behind another one of the same list; `rewrite` makes it of the other's text. */
  appendLike(at: Pointer, rewrite: (text: string) => string): void {
    const found = this.#reach(at);
    if (found.is !== "place" || found.place.kind !== "item")
      throw new CannotEdit(`#${at} is not an element of a list.`);
    const { place } = found;
    const text = rewrite(
      isAlias(place.value) ? printed(place.value.toJS(this.#document)) : this.#layout.textOf(place.value),
    );
    this.#insertBehind(place, place.parent.flow === true ? text : `- ${text}`);
    this.#breakLongLine(parent(at));
    this.#note(under(parent(at), place.index + 1), "added");
  }

  /** Removes a member or an element. The last one of its collection stays: it would leave nothing well-formed. */
  remove(at: Pointer): void {
    const found = this.#reach(at);
    if (found.is !== "place") return;
    const { place } = found;
    if (place.parent.items.length === 1)
      throw new CannotEdit(`#${at} is the only one of its kind and cannot be removed.`);
    const extent = this.#layout.extentOf(place);
    if (extent === undefined)
      throw new CannotEdit(`#${at} shares its line with what is around it, so it cannot be removed.`);
    const gone = place.kind === "item" ? this.#nameOf(place, at) : lastToken(at);
    this.#splice(...extent, "");
    this.#note(parent(at), `${gone} removed`);
  }

  /** The place at a pointer; an alias on the way is written out, so that only this place changes. */
  #reach(at: Pointer): Exclude<ReturnType<typeof findOwn>, { is: "alias" }> {
    for (;;) {
      const found = findOwn(this.#document, at);
      if (found.is !== "alias") {
        const shared = found.anchors.find((anchor) => isUsed(this.#document, anchor));
        if (shared === undefined) return found;
        throw new CannotEdit(
          `#${at} stands inside the anchor &${shared}, which other places use too: write those out first.`,
        );
      }
      const { alias } = found;
      this.#splice(startOf(alias), endOf(alias, this.#text), printed(alias.toJS(this.#document)));
    }
  }

  #overwrite(at: Pointer, place: MemberPlace | ItemPlace, value: unknown, block: readonly string[] | undefined): void {
    const { value: old } = place;
    if (old && "anchor" in old && old.anchor !== undefined && isUsed(this.#document, old.anchor)) {
      throw new CannotEdit(`#${at} is the anchor &${old.anchor}, which other places use too: write those out first.`);
    }
    const before: unknown = old?.toJS(this.#document);
    if (block !== undefined && place.kind === "member" && place.parent.flow !== true) {
      const [from, to] = this.#layout.blockExtentOf(place);
      const lines = block.map((line) => (line === "" ? this.#layout.newline : this.#layout.within(place) + line));
      this.#splice(from, to, lines.join(""));
    } else {
      const text = printed(value, this.#layout.styleAt(place));
      if (old === undefined) throw new CannotEdit(`#${at} has no value: give it one first.`);
      const [from, to] = [startOf(old), endOf(old, this.#text)];
      this.#splice(from, to, from === to ? ` ${text}` : text);
    }
    if (isDeepStrictEqual(before, value)) return;
    const isShort = [before, value].every((side) => typeof side !== "object" || side === null);
    this.#note(at, isShort ? `${String(before)} → ${String(value)}` : "rewritten");
  }

  #insert(at: Pointer, map: YAMLMap, value: unknown, { after, block }: SetOptions): void {
    const places = placesIn(map).filter((place) => place.kind === "member");
    const behind = places.find(({ key }) => isScalar(key) && key.value === after) ?? places.at(-1);
    const style = this.#layout.isJson ? "json" : "yaml";
    if (behind === undefined) {
      this.#splice(startOf(map), endOf(map, this.#text), printed({ [lastToken(at)]: value }, style));
    } else {
      const inBlock = block !== undefined && map.flow !== true;
      const indent = this.#layout.within(behind);
      const text = inBlock ? block.map((line) => indent + line).join("") : ` ${printed(value, style)}`;
      this.#insertBehind(behind, `${this.#layout.keyLike(behind, lastToken(at))}:${text}`);
    }
    this.#note(at, "added");
  }

  #insertBehind(place: MemberPlace | ItemPlace, text: string): void {
    const [at, lead] = this.#layout.behind(place);
    this.#splice(at, at, lead + text);
  }

  /** Writes a list that made its line too long with one element a line. */
  #breakLongLine(at: Pointer): void {
    const found = findOwn(this.#document, at);
    if (found.is !== "place" || found.place.kind !== "member" || found.place.parent.flow === true) return;
    const { place } = found;
    const { value } = place;
    if (!isSeq(value) || value.flow !== true || this.#layout.textOf(value).includes("\n")) return;
    if (!this.#layout.isTooLong(place, WIDTH)) return;
    const items = placesIn(value).map((item) => (item.value ? this.#layout.textOf(item.value) : ""));
    // The blank behind the colon goes with the bracket.
    const text = items.map((item) => `${this.#layout.within(place)}- ${item}`).join("");
    this.#splice(startOf(value) - 1, endOf(value, this.#text), text);
  }

  /** What an element of a list is to a person, who knows no index: what it refers to, or its text. */
  #nameOf({ value }: ItemPlace, at: Pointer): string {
    const element: unknown = value?.toJS(this.#document);
    if (typeof element !== "object" || element === null) return String(element);
    const reference: unknown = Reflect.get(element, "$ref");
    if (typeof reference !== "string") return `element ${lastToken(at)}`;
    const [document = "", pointer = ""] = reference.split("#", 2);
    return lastToken(pointer) || document;
  }

  #note(at: Pointer, what: string): void {
    this.#changes.push({ at, what });
  }

  #splice(from: number, to: number, instead: string): void {
    this.#text = this.#text.slice(0, from) + instead + this.#text.slice(to);
    this.#document = parsed(this.#text);
    this.#layout = new Layout(this.#text);
  }
}

function parsed(text: string): Document.Parsed {
  const document = parseDocument(text, { merge: true, prettyErrors: false });
  const [error] = document.errors;
  if (error) throw new CannotEdit(`The text is not well-formed at offset ${error.pos[0]}: ${error.message}.`);
  return document;
}

function isUsed(document: Document.Parsed, anchor: string): boolean {
  let used = false;
  visit(document, {
    Alias(_, { source }) {
      if (source !== anchor) return undefined;
      used = true;
      return visit.BREAK;
    },
  });
  return used;
}
