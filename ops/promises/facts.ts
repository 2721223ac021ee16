/** What a running configuration says of itself, as far as promises depend on it. */
import type { DatabaseDurability, StreamSettings } from "@tandem/runtime/admin";
import type { Topology } from "../topology.ts";

/** When the broker writes to the disk what it has acknowledged. Unknown: a server tells it on its monitoring port only. */
export type Syncing =
  | { readonly kind: "always" }
  | { readonly kind: "every"; readonly ms: number }
  | { readonly kind: "unknown" };

/** Everything that the promises are read from. */
export interface Facts {
  readonly topology: Topology;
  /** The server that answered; undefined when none did. */
  readonly server: string | undefined;
  readonly syncing: Syncing;
  /** By name, as the server has them; a stream of the contract that is not here does not exist. */
  readonly streams: Readonly<Record<string, StreamSettings>>;
  /** `STREAM/durable` of those that the contract has and the server has not. */
  readonly missingDurables: readonly string[];
  /** Undefined when no database was named. */
  readonly database: DatabaseDurability | undefined;
}
