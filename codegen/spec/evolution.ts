/** What `x-evolves` says: the steps from the version before, as they are written, each with its place. */
import type { Pointer } from "./pointer.ts";

/** A JSON pointer into a payload, or into the value that the steps around it are about. */
export type Path = string;

/** The types that `convert` knows. */
export type Scalar = "integer" | "number" | "string";

/** At which separator a text is cut. */
export type Occurrence = "first" | "last";

/** One step, from the older version to the newer. `at` is the place of what stands behind the step's name. */
export type Step = { readonly at: Pointer } & (
  | { readonly kind: "rename"; readonly from: Path; readonly to: Path }
  /** Fields go from a path to a path inside `into`. */
  | { readonly kind: "nest"; readonly into: Path; readonly fields: readonly (readonly [from: Path, inside: Path])[] }
  /** Fields go from a path inside `from` to a path. */
  | { readonly kind: "flatten"; readonly from: Path; readonly fields: readonly (readonly [inside: Path, to: Path])[] }
  | {
      readonly kind: "split";
      readonly from: Path;
      readonly into: readonly Path[];
      readonly cut: Occurrence;
      readonly by: string;
    }
  | {
      readonly kind: "join";
      readonly from: readonly Path[];
      readonly into: Path;
      readonly cut: Occurrence;
      readonly by: string;
    }
  | {
      readonly kind: "money";
      readonly from: Path;
      readonly to: Path;
      readonly amount: "minor" | "major";
      readonly scale: number;
      readonly currency: string;
      /** Whether an amount in another currency is unrepresentable on the way down. */
      readonly refusesOthers: boolean;
    }
  | {
      readonly kind: "values";
      readonly field: Path;
      readonly up: readonly Renaming[];
      readonly down: readonly Renaming[];
      /** Whether a value that the other version lacks is unrepresentable there. */
      readonly refusesOthers: boolean;
    }
  | { readonly kind: "convert"; readonly field: Path; readonly from: Scalar; readonly to: Scalar }
  | { readonly kind: "add"; readonly to: Path; readonly value: unknown }
  | { readonly kind: "remove"; readonly from: Path; readonly restore: { readonly value: unknown } | undefined }
  | { readonly kind: "each"; readonly in: Path; readonly steps: readonly Step[] }
  | { readonly kind: "wrap"; readonly from: Path; readonly to: Path; readonly pick: Occurrence }
  | {
      readonly kind: "custom";
      readonly up: string;
      readonly down: string;
      readonly reads: readonly Path[];
      readonly writes: readonly Path[];
    }
  /** A shared list, applied inside a value, or where the step itself stands. */
  | { readonly kind: "use"; readonly in: Path | undefined; readonly list: string; readonly steps: readonly Step[] }
);

/** The name of one value of `values`, and what it becomes. */
export type Renaming = readonly [name: string, value: unknown];

/** What happens to an event that the other version cannot say. */
export type UnrepresentablePolicy = "skip-and-count" | "reject-publish" | "dead-letter";

/** A value that does not survive, `*` for every element. */
export interface Loss {
  readonly at: Pointer;
  readonly path: Path;
  readonly why: string;
}

/** What one message says of the version before it. */
export interface EvolutionSpec {
  readonly at: Pointer;
  readonly steps: readonly Step[];
  readonly unrepresentable: { readonly up?: UnrepresentablePolicy; readonly down?: UnrepresentablePolicy };
  readonly lossy: { readonly up: readonly Loss[]; readonly down: readonly Loss[] };
}
