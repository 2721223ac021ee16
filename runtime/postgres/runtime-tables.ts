/** The tables that the runtime keeps in the schema of each service. */
import type { SchemaPart } from "./apply-schema.ts";
import { AGGREGATES } from "./tables/aggregates.ts";
import { INBOX } from "./tables/inbox.ts";
import { OUTBOX } from "./tables/outbox.ts";

/** A part for each topic, in the order in which they are made. Idempotent, like every schema that is applied at start. */
export const RUNTIME_TABLES: readonly SchemaPart[] = [
  { name: "runtime: aggregates", sql: AGGREGATES },
  { name: "runtime: outbox", sql: OUTBOX },
  { name: "runtime: inbox", sql: INBOX },
];
