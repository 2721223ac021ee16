/** Changes that are not about a schema. */
import type { Pointer } from "../model/model.ts";
import type { Acknowledgement } from "../spec/contract.ts";
import type { Change, StructureKind, Verdict } from "./change.ts";
import { settled } from "./schema-changes.ts";

/** What is said of a change that is not about a schema. */
export interface Structural {
  readonly kind: StructureKind;
  readonly subject: string;
  readonly what: string;
  readonly at: Pointer;
  readonly verdict: Verdict;
  /** What tells the change from others of its kind in an acknowledgement. */
  readonly id?: string;
  readonly hint?: string;
  readonly acknowledged?: readonly Acknowledgement[] | undefined;
}

/** A change that is not about a schema. */
export function structural({
  kind,
  subject,
  what,
  at,
  verdict,
  id = "",
  hint = "",
  acknowledged = [],
}: Structural): Change {
  const change = {
    kind,
    id: id === "" ? kind : `${kind}:${id}`,
    subject,
    path: "",
    what,
    at,
    verdict,
    findings: [],
    hint: "",
  };
  return settled(change, acknowledged, hint);
}
