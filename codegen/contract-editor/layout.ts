/** How a document is laid out: indents, line breaks, quotes, empty lines. What is written into it follows that. */
import { isScalar, type Node } from "yaml";
import { endOf, type ItemPlace, type MemberPlace, placesIn, startOf } from "./own-place.ts";
import { printed, type Style } from "./printed.ts";

type Place = MemberPlace | ItemPlace;

/** A stretch of the text. */
export type Extent = readonly [from: number, to: number];

export class Layout {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether the document is JSON, which knows neither comments nor words without quotes. */
  get isJson(): boolean {
    return this.#text.trimStart().startsWith("{");
  }

  get newline(): string {
    return this.#text.includes("\r\n") ? "\r\n" : "\n";
  }

  /** A line break and the indent of what stands one step further in than a member. */
  within({ key }: MemberPlace): string {
    return this.newline + " ".repeat(this.#column(startOf(key)) + 2);
  }

  /** How a value is written over the one at a place. */
  styleAt({ value, parent }: Place): Style {
    if (this.isJson) return "json";
    if (parent.flow !== true && isScalar(value) && value.type === "PLAIN") return "block";
    if (isScalar(value) && value.type === "QUOTE_DOUBLE") return "json";
    return isScalar(value) && value.type === "QUOTE_SINGLE" ? "single-quoted" : "yaml";
  }

  /** A key in the quotes of the one at a place. */
  keyLike({ key }: MemberPlace, name: string): string {
    const mark = this.#text[startOf(key)];
    if (mark === '"') return JSON.stringify(name);
    return printed(name, mark === "'" ? "single-quoted" : "yaml");
  }

  textOf(node: Node): string {
    return this.#text.slice(startOf(node), endOf(node, this.#text));
  }

  /** Where something can be written behind a place, and what sets it off there as the others are set off. */
  behind(place: Place): readonly [at: number, lead: string] {
    const end = this.#endOf(place);
    const start = this.#startOf(place);
    if (place.parent.flow === true) {
      const lead = /\s*$/.exec(this.#text.slice(0, start))?.[0] ?? "";
      return [end, `,${lead.includes("\n") ? lead : " "}`];
    }
    const gap = this.#isSetOff(place) ? this.newline : "";
    return [this.#endOfLine(end), `${gap}${this.newline}${" ".repeat(this.#column(start))}`];
  }

  /** What goes when the place goes: its comma, or its lines. Undefined when its line begins with something else. */
  extentOf(place: Place): Extent | undefined {
    if (place.parent.flow === true) return this.#flowExtent(place);
    const start = this.#startOf(place);
    const lineBreak = this.#text.lastIndexOf("\n", start - 1);
    if (this.#text.slice(lineBreak + 1, start).trim() !== "") return undefined;
    const end = this.#endOfLine(this.#endOf(place));
    if (lineBreak < 0) return [0, Math.min(this.#text.length, end + this.newline.length)];
    const gap = place.index > 0 && this.#isSetOff(place) ? this.newline.length : 0;
    return [lineBreak + 1 - this.newline.length - gap, end];
  }

  /** From behind a member's colon to the end of its value; a comment beside the key stays outside. */
  blockExtentOf({ key, value }: MemberPlace): Extent {
    const behindKey = endOf(key, this.#text);
    const end = endOf(value ?? key, this.#text);
    const rest = this.#text.slice(behindKey);
    const colon = behindKey + (/^\s*:/.exec(rest)?.[0].length ?? 0);
    const comment = behindKey + (/^\s*:[ \t]+#[^\r\n]*/.exec(rest)?.[0].length ?? 0);
    return [comment > colon && comment < end ? comment : colon, Math.max(colon, end)];
  }

  /** Whether a member's first line is longer than `width`. */
  isTooLong({ key }: MemberPlace, width: number): boolean {
    const line = this.#text.slice(startOf(key)).split("\n", 1)[0] ?? "";
    return this.#column(startOf(key)) + line.length > width;
  }

  #flowExtent(place: Place): Extent {
    const all = placesIn(place.parent);
    const [before, next] = [all[place.index - 1], all[place.index + 1]];
    if (next) return [this.#startOf(place), this.#startOf(next)];
    return [before ? this.#endOf(before) : this.#startOf(place), this.#endOf(place)];
  }

  /** Whether an empty line sets a member off from its neighbours. */
  #isSetOff(place: Place): boolean {
    const all = placesIn(place.parent);
    const start = this.#startOf(all[Math.max(1, place.index)] ?? place);
    return all.length > 1 && /\n[ \t]*\r?\n[ \t]*(#.*\r?\n[ \t]*)*$/.test(this.#text.slice(0, start));
  }

  /** Where a member's key begins, or the dash of an element. */
  #startOf(place: Place): number {
    if (place.kind === "member") return startOf(place.key);
    return place.parent.flow === true ? startOf(place.value) : this.#text.lastIndexOf("-", startOf(place.value) - 1);
  }

  #endOf(place: Place): number {
    return endOf(place.kind === "member" ? (place.value ?? place.key) : place.value, this.#text);
  }

  #endOfLine(offset: number): number {
    return offset + this.#text.slice(offset).search(/\r?\n|$/);
  }

  #column(offset: number): number {
    return offset - (this.#text.lastIndexOf("\n", offset - 1) + 1);
  }
}
