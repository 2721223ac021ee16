import {
  complement,
  DIGIT,
  DOT,
  only,
  SPACE,
  union,
  withOtherCase,
  WORD,
  type CodePointSet,
} from "./code-point-set.ts";

/** A regular expression as it is written: what the subset of ECMA-262 patterns that we can reason about may say. */
export type Syntax =
  | { readonly is: "set"; readonly set: CodePointSet }
  | { readonly is: "sequence" | "either"; readonly parts: readonly Syntax[] }
  | { readonly is: "repeat"; readonly of: Syntax; readonly min: number; readonly max: number }
  | { readonly is: "start" | "end" }
  | { readonly is: "look"; readonly of: Syntax; readonly wanted: boolean };

/** Thrown for a construct outside the subset: back references, look-behind, word boundaries, Unicode properties, flags. */
export class UnsupportedPattern extends Error {
  override readonly name = "UnsupportedPattern";
}

const CLASSES: Readonly<Record<string, CodePointSet>> = {
  d: DIGIT,
  D: complement(DIGIT),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
};
const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0 };

/**
 * Reads a pattern that `RegExp` has already accepted.
 *
 * @param ignoreCase the `i` flag, for patterns whose letters are ASCII
 * @throws UnsupportedPattern
 */
export function readPattern(source: string, ignoreCase = false): Syntax {
  return new PatternReader(source, ignoreCase).read();
}

class PatternReader {
  readonly #characters: readonly string[];
  readonly #ignoreCase: boolean;
  #at = 0;

  constructor(source: string, ignoreCase: boolean) {
    this.#characters = Array.from(source);
    this.#ignoreCase = ignoreCase;
  }

  read(): Syntax {
    const whole = this.#either();
    if (this.#at < this.#characters.length) throw new UnsupportedPattern("unbalanced parenthesis");
    return whole;
  }

  #either(): Syntax {
    const parts = [this.#sequence()];
    while (this.#take("|")) parts.push(this.#sequence());
    return parts.length === 1 && parts[0] ? parts[0] : { is: "either", parts };
  }

  #sequence(): Syntax {
    const parts: Syntax[] = [];
    while (this.#peek() !== "" && this.#peek() !== "|" && this.#peek() !== ")") parts.push(this.#quantified());
    return { is: "sequence", parts };
  }

  #quantified(): Syntax {
    const of = this.#term();
    const bounds = this.#quantifier();
    if (bounds === undefined) return of;
    if (of.is === "look" || of.is === "start" || of.is === "end") throw new UnsupportedPattern("quantified assertion");
    // A lazy quantifier finds another match first, but matches the same strings.
    this.#take("?");
    return { is: "repeat", of, min: bounds[0], max: bounds[1] };
  }

  #quantifier(): [number, number] | undefined {
    if (this.#take("*")) return [0, Infinity];
    if (this.#take("+")) return [1, Infinity];
    if (this.#take("?")) return [0, 1];
    if (!this.#take("{")) return undefined;
    const min = this.#number();
    const max = this.#take(",") ? (this.#peek() === "}" ? Infinity : this.#number()) : min;
    if (!this.#take("}")) throw new UnsupportedPattern("a brace that is no quantifier");
    return [min, max];
  }

  #term(): Syntax {
    const character = this.#next();
    switch (character) {
      case "^":
        return { is: "start" };
      case "$":
        return { is: "end" };
      case "(":
        return this.#group();
      case "[":
        return this.#set(this.#classSet());
      case ".":
        return { is: "set", set: DOT };
      case "\\":
        return this.#set(this.#escape());
      default:
        return this.#set(only(character.codePointAt(0) ?? 0));
    }
  }

  #group(): Syntax {
    let wanted: boolean | undefined;
    if (this.#take("?")) {
      const kind = this.#next();
      if (kind === "=" || kind === "!") wanted = kind === "=";
      else if (kind === "<" && this.#peek() !== "=" && this.#peek() !== "!") while (this.#next() !== ">");
      else if (kind !== ":") throw new UnsupportedPattern(`group (?${kind}`);
    }
    const of = this.#either();
    if (!this.#take(")")) throw new UnsupportedPattern("unbalanced parenthesis");
    return wanted === undefined ? of : { is: "look", of, wanted };
  }

  #classSet(): CodePointSet {
    const negated = this.#take("^");
    const sets: CodePointSet[] = [];
    while (!this.#take("]")) {
      const low = this.#classAtom();
      if (this.#peek() !== "-" || this.#peek(1) === "]" || this.#peek(1) === "") {
        sets.push(low);
        continue;
      }
      this.#at++;
      const high = this.#classAtom();
      const [from, to] = [low[0], high.at(-1)];
      if (from === undefined || to === undefined || low.length !== 2 || from !== low[1]) {
        throw new UnsupportedPattern("a class as the end of a range");
      }
      sets.push([from, to]);
    }
    const set = this.#ignoreCase ? withOtherCase(union(...sets)) : union(...sets);
    return negated ? complement(set) : set;
  }

  #classAtom(): CodePointSet {
    const character = this.#next();
    if (character !== "\\") return only(character.codePointAt(0) ?? 0);
    if (this.#take("b")) return only(8);
    return this.#escape();
  }

  #escape(): CodePointSet {
    const character = this.#next();
    const set = CLASSES[character];
    if (set) return set;
    const control = CONTROLS[character];
    if (control !== undefined && !/\d/.test(this.#peek())) return only(control);
    if (character === "x") return only(this.#hex(2));
    if (character === "c") return only((this.#next().codePointAt(0) ?? 0) % 32);
    if (character === "u") return only(this.#unicode());
    if (/[0-9A-Za-z]/.test(character)) throw new UnsupportedPattern(`\\${character}`);
    return only(character.codePointAt(0) ?? 0);
  }

  #unicode(): number {
    if (this.#take("{")) {
      let digits = "";
      while (this.#peek() !== "}") digits += this.#next();
      this.#at++;
      return Number.parseInt(digits, 16);
    }
    const unit = this.#hex(4);
    const isPair = unit >= 0xd800 && unit < 0xdc00 && this.#peek() === "\\" && this.#peek(1) === "u";
    if (!isPair) return unit;
    const start = this.#at;
    this.#at += 2;
    const low = this.#peek() === "{" ? 0 : this.#hex(4);
    if (low >= 0xdc00 && low < 0xe000) return (unit - 0xd800) * 0x400 + (low - 0xdc00) + 0x1_00_00;
    this.#at = start;
    return unit;
  }

  #hex(length: number): number {
    let digits = "";
    while (digits.length < length) digits += this.#next();
    return Number.parseInt(digits, 16);
  }

  #number(): number {
    let digits = "";
    while (/\d/.test(this.#peek())) digits += this.#next();
    if (digits === "") throw new UnsupportedPattern("a brace that is no quantifier");
    return Number(digits);
  }

  #set(set: CodePointSet): Syntax {
    return { is: "set", set: this.#ignoreCase ? withOtherCase(set) : set };
  }

  #peek(ahead = 0): string {
    return this.#characters[this.#at + ahead] ?? "";
  }

  #next(): string {
    const character = this.#peek();
    if (character === "") throw new UnsupportedPattern("the pattern ends too soon");
    this.#at++;
    return character;
  }

  #take(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at++;
    return true;
  }
}
