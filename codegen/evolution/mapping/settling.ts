/** What putting values in their places needs to know. */
import type { Definitions } from "../../emit/json-schema.ts";
import type { JsonSchema } from "../../model/model.ts";
import type { Pointer } from "../../spec/pointer.ts";
import type { Place } from "../../spec/report.ts";
import type { Fault } from "./fault.ts";
import type { Judge } from "./judge.ts";
import type { Scope } from "./terms.ts";

/** What settling one payload needs to know. */
export interface Settling {
  /** The versions as diagnostics call them. */
  readonly source: string;
  readonly target: string;
  readonly definitions: Definitions;
  readonly judge: Judge;
  /** Where the steps stand, for what no step is to blame for. */
  readonly at: Place;
  /** Paths of the source that may be lost, and of the target that may be left out. */
  readonly mayLose: ReadonlySet<string>;
  readonly mayLack: ReadonlySet<string>;
  /** Paths of the target that a step of the other direction dropped, with the place of that step. */
  readonly dropped: ReadonlyMap<string, Pointer>;
  readonly report: (fault: Fault) => void;
}

/** A place in the target, and what is around it. */
export interface Slot {
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly path: readonly string[];
  /** The step that put the value there. */
  readonly by: Place | undefined;
  readonly scope: Scope;
  /** Given values that are neither absent nor null where the value is put. */
  readonly present: ReadonlySet<string>;
}
