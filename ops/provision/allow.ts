/** What the caller of a provisioning allows: changes that could hurt, each by its name. */
import { didYouMean, UsageError } from "../usage-error.ts";

/**
 * Every kind of change that is refused unless it is allowed, and whether it must be said where. What follows from the
 * environment or from the whole contract may be allowed everywhere at once.
 */
const KINDS: Readonly<Record<string, "named" | "anywhere">> = {
  contract: "named",
  version: "anywhere",
  subjects: "named",
  "max-age": "named",
  replicas: "anywhere",
  batches: "anywhere",
  discard: "named",
  filters: "named",
  "max-deliver": "named",
  priority: "named",
  drift: "named",
};

/** What may be done, as `--allow` says it. */
export interface Allowed {
  /** Whether a kind of change is allowed on a stream or durable. */
  permits(kind: string, where: string): boolean;
}

/** Allows nothing. */
export const NOTHING_ALLOWED: Allowed = { permits: () => false };

/**
 * Reads the values of `--allow`: `subjects:ORDERS`, `filters:ORDERS/inventory-orderCreated-v1`, `replicas`.
 *
 * @throws UsageError for a word that allows nothing
 */
export function readAllowed(values: readonly string[]): Allowed {
  const words = new Set(values.flatMap((value) => value.split(",")).map((word) => word.trim()));
  for (const word of words) check(word);
  return {
    permits: (kind, where) => words.has(`${kind}:${where}`) || (KINDS[kind] === "anywhere" && words.has(kind)),
  };
}

function check(word: string): void {
  const [kind = "", ...rest] = word.split(":");
  const how = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (how === undefined) {
    const kinds = Object.keys(KINDS);
    throw new UsageError(`--allow "${word}" allows nothing: there is ${kinds.join(", ")}.${didYouMean(kind, kinds)}`);
  }
  if (how === "named" && rest.join(":") === "") {
    throw new UsageError(`--allow ${kind} has to say where: ${kind}:STREAM, or ${kind}:STREAM/DURABLE.`);
  }
}
