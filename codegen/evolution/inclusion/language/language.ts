import { ANY, contains, only, union, type CodePointSet } from "./code-point-set.ts";

/**
 * A regular language over code points, closed under union, intersection and complement.
 * Two languages that are built alike from one {@link Languages} are the same object.
 */
export type Language = Shape & {
  readonly id: number;
  /** Whether the empty string belongs to the language. */
  readonly nullable: boolean;
};

type Shape =
  | { readonly is: "set"; readonly set: CodePointSet }
  | { readonly is: "sequence"; readonly first: Language; readonly rest: Language }
  | { readonly is: "repeat"; readonly of: Language; readonly min: number; readonly max: number }
  | { readonly is: "either" | "both"; readonly parts: readonly Language[] }
  | { readonly is: "not"; readonly of: Language };

/**
 * Builds languages, each once, in a form simple enough that few equal languages have two forms, and derives them.
 * Source: J. Brzozowski, "Derivatives of Regular Expressions" (1964).
 */
export class Languages {
  readonly #known = new Map<string, Language>();
  readonly #derivatives = new Map<number, Map<number, Language>>();
  readonly #starts = new Map<number, readonly number[]>();

  /** No string at all. */
  readonly none: Language = this.set([]);
  readonly anyCharacter: Language = this.set(ANY);
  /** The empty string alone. */
  readonly empty: Language = this.#intern("()", () => ({ is: "repeat", of: this.none, min: 0, max: 0 }), true);
  /** Every string. */
  readonly all: Language = this.repeat(this.anyCharacter, 0, Infinity);

  /** How many languages were built so far: what the work done is measured by. */
  get size(): number {
    return this.#known.size;
  }

  set(set: CodePointSet): Language {
    return this.#intern(`[${set.join(" ")}]`, () => ({ is: "set", set }), false);
  }

  sequence(first: Language, rest: Language): Language {
    if (first === this.none || rest === this.none) return this.none;
    if (first === this.empty) return rest;
    if (rest === this.empty) return first;
    if (first === this.all && (rest === this.all || (rest.is === "sequence" && rest.first === this.all))) return rest;
    if (first.is === "sequence") return this.sequence(first.first, this.sequence(first.rest, rest));
    const nullable = first.nullable && rest.nullable;
    return this.#intern(`${first.id}.${rest.id}`, () => ({ is: "sequence", first, rest }), nullable);
  }

  repeat(of: Language, min: number, max: number): Language {
    if (max === 0 || of === this.empty) return this.empty;
    if (of === this.none) return min === 0 ? this.empty : this.none;
    if (min === 1 && max === 1) return of;
    const least = of.nullable ? 0 : min;
    if (of.is === "repeat" && of.min === 0 && of.max === Infinity) return of;
    return this.#intern(`${of.id}{${least},${max}}`, () => ({ is: "repeat", of, min: least, max }), least === 0);
  }

  either(...parts: readonly Language[]): Language {
    const flat = this.#flatten("either", parts, this.none);
    const sets = flat.flatMap((part) => (part.is === "set" ? [part.set] : []));
    const others = sets.length > 1 ? flat.filter((part) => part.is !== "set") : flat;
    if (sets.length > 1) others.push(this.set(union(...sets)));
    if (others.includes(this.all) || this.#clash(others)) return this.all;
    return this.#join("either", others, this.none);
  }

  both(...parts: readonly Language[]): Language {
    const flat = this.#flatten("both", parts, this.all);
    if (flat.includes(this.none) || this.#clash(flat)) return this.none;
    if (flat.includes(this.empty)) return flat.every((part) => part.nullable) ? this.empty : this.none;
    return this.#join("both", flat, this.all);
  }

  not(of: Language): Language {
    if (of.is === "not") return of.of;
    if (of === this.none) return this.all;
    if (of === this.all) return this.none;
    return this.#intern(`!${of.id}`, () => ({ is: "not", of }), !of.nullable);
  }

  /** The language of one string. */
  literal(text: string): Language {
    return Array.from(text).reduceRight<Language>(
      (rest, character) => this.sequence(this.set(only(character.codePointAt(0) ?? 0)), rest),
      this.empty,
    );
  }

  /** What may follow after `codePoint`: the strings s for which codePoint + s is in the language. */
  derive(language: Language, codePoint: number): Language {
    let known = this.#derivatives.get(language.id);
    if (known === undefined) this.#derivatives.set(language.id, (known = new Map<number, Language>()));
    let derived = known.get(codePoint);
    if (derived === undefined) known.set(codePoint, (derived = this.#derive(language, codePoint)));
    return derived;
  }

  /** Where the code points change their meaning for {@link derive}: all between two neighbours derive alike. */
  starts(language: Language): readonly number[] {
    let known = this.#starts.get(language.id);
    if (known === undefined) {
      const points = new Set([0]);
      this.#collectStarts(language, points);
      this.#starts.set(language.id, (known = [...points].sort((a, b) => a - b)));
    }
    return known;
  }

  /** Whether a string belongs to the language. */
  has(language: Language, text: string): boolean {
    let left = language;
    for (const character of text) left = this.derive(left, character.codePointAt(0) ?? 0);
    return left.nullable;
  }

  #derive(language: Language, codePoint: number): Language {
    switch (language.is) {
      case "set":
        return contains(language.set, codePoint) ? this.empty : this.none;
      case "sequence": {
        const head = this.sequence(this.derive(language.first, codePoint), language.rest);
        return language.first.nullable ? this.either(head, this.derive(language.rest, codePoint)) : head;
      }
      case "repeat":
        return this.sequence(
          this.derive(language.of, codePoint),
          this.repeat(language.of, Math.max(language.min - 1, 0), language.max - 1),
        );
      case "either":
        return this.either(...language.parts.map((part) => this.derive(part, codePoint)));
      case "both":
        return this.both(...language.parts.map((part) => this.derive(part, codePoint)));
      case "not":
        return this.not(this.derive(language.of, codePoint));
    }
  }

  #collectStarts(language: Language, points: Set<number>): void {
    switch (language.is) {
      case "set":
        language.set.forEach((point, at) => points.add(at % 2 === 0 ? point : point + 1));
        return;
      case "sequence":
        for (const point of this.starts(language.first)) points.add(point);
        if (language.first.nullable) for (const point of this.starts(language.rest)) points.add(point);
        return;
      case "repeat":
      case "not":
        for (const point of this.starts(language.of)) points.add(point);
        return;
      default:
        for (const part of language.parts) for (const point of this.starts(part)) points.add(point);
    }
  }

  #flatten(is: "either" | "both", parts: readonly Language[], unit: Language): Language[] {
    const flat = new Set<Language>();
    for (const part of parts) {
      if (part.is === is) for (const inner of part.parts) flat.add(inner);
      else if (part !== unit) flat.add(part);
    }
    return [...flat];
  }

  /** Whether a list holds a language and its complement. */
  #clash(parts: readonly Language[]): boolean {
    return parts.some((part) => part.is === "not" && parts.includes(part.of));
  }

  #join(is: "either" | "both", parts: Language[], unit: Language): Language {
    const [first, second] = parts;
    if (first === undefined) return unit;
    if (second === undefined) return first;
    const sorted = parts.toSorted((a, b) => a.id - b.id);
    const nullable = is === "either" ? sorted.some((part) => part.nullable) : sorted.every((part) => part.nullable);
    const key = sorted.map((part) => part.id).join(is === "either" ? "|" : "&");
    return this.#intern(key, () => ({ is, parts: sorted }), nullable);
  }

  #intern(key: string, make: () => Shape, nullable: boolean): Language {
    let language = this.#known.get(key);
    if (language === undefined) {
      language = { ...make(), id: this.#known.size, nullable };
      this.#known.set(key, language);
    }
    return language;
  }
}
