/** The tables that the runtime keeps in the schema of each service. */
import type { SchemaPart } from "./apply-schema.ts";
import { AGGREGATES } from "./tables/aggregates.ts";
import { ATTEMPTS } from "./tables/attempts.ts";
import { INBOX } from "./tables/inbox.ts";
import { KEY_ORDER } from "./tables/key-order.ts";
import { LEASES } from "./tables/leases.ts";
import { OUTBOX } from "./tables/outbox.ts";
import { PUBLISHED } from "./tables/published.ts";
import { WEEKS } from "./tables/weeks.ts";

/** A part for each topic, in the order in which they are made. Idempotent, like every schema that is applied at start. */
export const RUNTIME_TABLES: readonly SchemaPart[] = [
  { name: "runtime: weeks", sql: WEEKS },
  { name: "runtime: aggregates", sql: AGGREGATES },
  { name: "runtime: outbox", sql: OUTBOX },
  { name: "runtime: published", sql: PUBLISHED },
  { name: "runtime: inbox", sql: INBOX },
  { name: "runtime: attempts", sql: ATTEMPTS },
  { name: "runtime: key order", sql: KEY_ORDER },
  { name: "runtime: leases", sql: LEASES },
];
