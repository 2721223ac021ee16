/** What inference comes to, and what collects it. */
import { type Pointer, under } from "../../spec/pointer.ts";
import type { Shape } from "./shape.ts";

/** A step of `x-evolves` as it is written, or one that stands for what nobody could infer. */
export interface InferredStep {
  readonly kind: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The steps of `each`. */
  readonly inner?: readonly InferredStep[];
  /** Why a person has to look at it; absent when the schemas leave no doubt. */
  readonly unsure?: string;
}

export interface Loss {
  readonly path: Pointer;
  readonly why: string;
}

export interface Inference {
  readonly steps: readonly InferredStep[];
  readonly lossy: { readonly up: readonly Loss[]; readonly down: readonly Loss[] };
  /** What changed and could not be said by a step, one sentence each. */
  readonly open: readonly string[];
}

/** Where inference is: the path that steps name it by, and the paths that losses name it by. */
export interface Spot {
  readonly step: Pointer;
  readonly older: Pointer;
  readonly newer: Pointer;
}

/** The place of a property that both versions have, perhaps under two names. */
export function inside({ step, older, newer }: Spot, oldName: string, newName = oldName): Spot {
  return { step: under(step, newName), older: under(older, oldName), newer: under(newer, newName) };
}

/** Collects steps in the order in which they are to be carried out. */
export class Findings {
  readonly steps: InferredStep[] = [];
  readonly up: Loss[];
  readonly down: Loss[];
  readonly open: string[];
  readonly #around: string[];
  /** The versions as losses and notes name them. */
  readonly words: { readonly older: string; readonly newer: string };

  constructor(words: Findings["words"], around?: Findings) {
    this.words = words;
    this.up = around?.up ?? [];
    this.down = around?.down ?? [];
    this.open = around?.open ?? [];
    this.#around = around === undefined ? [] : around.#around;
  }

  /** Begins to compare two objects; false when that is what is being done already, further out. */
  enter(older: Shape, newer: Shape): boolean {
    const pair = placesOf(older, newer);
    return !this.#around.includes(pair) && this.#around.push(pair) > 0;
  }

  leave(older: Shape, newer: Shape): void {
    this.#around.splice(this.#around.indexOf(placesOf(older, newer)), 1);
  }

  add(kind: string, args: Readonly<Record<string, unknown>>, unsure?: string): void {
    this.steps.push({ kind, arguments: args, ...(unsure === undefined ? {} : { unsure }) });
  }

  /** For the steps inside of `each`: losses and open questions are those of the whole. */
  forElements(): Findings {
    return new Findings(this.words, this);
  }
}

function placesOf(older: Shape, newer: Shape): string {
  return [older, newer].map(({ schemas }) => schemas.map(({ at }) => at).join(" ")).join("\n");
}
