/** What a verification stands on. */
import type { Admin, Queryable, Store } from "@tandem/runtime/admin";
import type { Schemas } from "../dead-letters/schemas.ts";
import type { Topology } from "../topology.ts";

export interface VerifyDependencies {
  readonly topology: Topology;
  readonly admin: Admin;
  /** Opened read-only. */
  readonly store: Store;
  readonly schemas: Schemas;
  /** What is younger may still move, milliseconds. */
  readonly graceMs: number;
  readonly now: () => number;
  /** Breaks it off. */
  readonly signal?: AbortSignal | undefined;
  /** Sequences looked at in one piece. Default 1,000. */
  readonly block?: number;
  /** Violations of each invariant that are named. Default 10. */
  readonly named?: number;
}

/** The schema of a service. */
export interface ServiceSchema {
  readonly service: string;
  readonly database: Queryable;
}
