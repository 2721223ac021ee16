/** What differs between two contracts, as data: one entry per change, each with its verdict. */
import type { Acknowledgement } from "../spec/contract.ts";
import type { Pointer } from "../spec/pointer.ts";
import type { EditKind } from "./edit.ts";

/** Who reads what whom wrote. `backward`: the reader of today what was written before; `forward`: the other way round. */
export type Direction = "backward" | "forward";

/** `undecided` counts as breaking until somebody acknowledges it in the contract. */
export type Verdict = "compatible" | "breaking" | "undecided";

/** What a comparison of schemas says in one direction. */
export type Finding = {
  readonly direction: Direction;
  /** Whether the level asks for it. */ readonly demanded: boolean;
} & (
  | { readonly verdict: "compatible" }
  | {
      readonly verdict: "breaking";
      /** A payload that the writing side may write and the reading side refuses; both were asked. */
      readonly witness: unknown;
      /** Why it is refused. */
      readonly faults: readonly Fault[];
    }
  | { readonly verdict: "undecided"; readonly reason: string }
);

/** Why a reader refuses a payload, in the words of the validator. */
export interface Fault {
  /** JSON pointer into the payload; empty for the whole of it. */
  readonly path: string;
  readonly message: string;
}

export type StructureKind =
  | "event-added"
  | "event-removed"
  | "event-renamed"
  | "channel-renamed"
  | "key-changed"
  | "stream-changed"
  | "writes-changed"
  | "version-added"
  | "version-removed"
  | "version-revived"
  | "step-skipped"
  | "state-changed"
  | "level-lowered"
  | "reader-added"
  | "reader-left"
  | "reader-moved"
  | "ack-wait-changed"
  | "attempts-changed"
  | "retry-changed"
  | "concurrency-changed"
  | "order-changed"
  | "priority-changed"
  | "stream-added"
  | "stream-removed"
  | "age-changed"
  | "duplicate-window-changed"
  | "stream-owner-changed"
  | "replicas-changed"
  | "batches-changed"
  | "sender-changed"
  | "owner-changed"
  | "channel-added"
  | "channel-removed"
  | "channel-moved"
  | "message-added"
  | "message-removed"
  | "content-type-changed"
  | "operation-added"
  | "operation-removed"
  | "operation-moved"
  | "body-added"
  | "body-removed"
  | "answer-added"
  | "answer-removed";

/** One change of the contract. */
export interface Change {
  readonly kind: EditKind | StructureKind;
  /** What an acknowledgement calls it. Holds what changed, so that it does not speak for a later change. */
  readonly id: string;
  /** `orders.created v1`, `POST /orders body`. */
  readonly subject: string;
  /** JSON pointer into the payload, `*` for every element; empty for the whole of it and for what is no schema. */
  readonly path: string;
  /** What was done: `makes quantity required`. */
  readonly what: string;
  /** Where it stands in the current contract; the nearest place around it when it does not. */
  readonly at: Pointer;
  readonly verdict: Verdict;
  /** One per direction for a change of a schema. */
  readonly findings: readonly Finding[];
  /** Set when the change is undecided and somebody answers for it; it then passes. */
  readonly acknowledged?: Acknowledgement;
  /** What the current contract was compared with, when that is older than the base. */
  readonly since?: string;
  /** What to do, in one sentence; empty when there is nothing to do. */
  readonly hint: string;
}

/** Whether a change lets the contract pass. */
export function passes({ verdict, acknowledged }: Change): boolean {
  return verdict === "compatible" || (verdict === "undecided" && acknowledged !== undefined);
}
