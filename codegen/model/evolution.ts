/** How one version of an event becomes the next, as plain data: the steps of `x-evolves`, shared lists written out. */
import type { Loss, Path, Step as WrittenStep, UnrepresentablePolicy } from "../spec/evolution.ts";
import type { Event, EventVersion, Pointer } from "./model.ts";

export type { Loss, Path, UnrepresentablePolicy } from "../spec/evolution.ts";

/** One step, from the older version to the newer; `at` is its place in the contract. */
export type Step =
  | Exclude<WrittenStep, { readonly kind: "each" | "use" }>
  | {
      /** `each`: steps for every element of a list. `within`: steps inside a value; where they stand when it is not said. */
      readonly kind: "each" | "within";
      readonly at: Pointer;
      readonly in: Path | undefined;
      readonly steps: readonly Step[];
    };

/** A mapping between two adjacent versions. It belongs to the newer one. */
export interface Evolution {
  readonly fromVersion: number;
  readonly toVersion: number;
  readonly pointer: Pointer;
  /** The interface of the hand-written parts, which exists where there are `custom` steps: `OrderCreatedV1V2Parts`. */
  readonly partsType: string;
  /** What services name their hand-written parts by: `orderCreatedV1V2`. */
  readonly partsKey: string;
  readonly steps: readonly Step[];
  readonly unrepresentable: { readonly up?: UnrepresentablePolicy; readonly down?: UnrepresentablePolicy };
  readonly lossy: { readonly up: readonly Loss[]; readonly down: readonly Loss[] };
}

/** Every `custom` step, at whatever depth. */
export function customSteps(steps: readonly Step[]): Extract<Step, { readonly kind: "custom" }>[] {
  return steps.flatMap((step) => {
    if (step.kind === "custom") return [step];
    return step.kind === "each" || step.kind === "within" ? customSteps(step.steps) : [];
  });
}

/** Two adjacent versions of an event, and the mapping between them. */
export interface EvolutionPair {
  readonly evolution: Evolution;
  readonly from: EventVersion;
  readonly to: EventVersion;
}

/** Every pair of adjacent versions with a mapping between them, oldest first. */
export function evolutionsOf({ versions }: Event): EvolutionPair[] {
  return versions
    .flatMap((to) => {
      const from = versions.find(({ number }) => number === to.evolution?.fromVersion);
      return to.evolution === undefined || from === undefined ? [] : [{ evolution: to.evolution, from, to }];
    })
    .toReversed();
}
