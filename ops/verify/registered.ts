/** The invariants that services register, each checked by its own service in its own schema. */
import { oneLine, readInvariants, type RegisteredInvariant, wordsOf } from "@tandem/runtime/admin";
import type { ServiceSchema } from "./dependencies.ts";
import { NAMED, type Evidence, type Verdict } from "./verdict.ts";

/** Asks every service. One whose function fails violates an invariant of that name. */
export async function askServices(schemas: readonly ServiceSchema[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { service, database } of schemas) {
    try {
      verdicts.push(...(await readInvariants(database)).map((registered) => verdictOf(service, registered)));
    } catch (error) {
      verdicts.push(failed(service, error));
    }
  }
  return verdicts;
}

function verdictOf(service: string, { invariant, says, checked, holds, detail }: RegisteredInvariant): Verdict {
  const found: readonly unknown[] = Array.isArray(detail) ? detail : detail === null ? [] : [detail];
  const violations = holds ? 0 : Math.max(1, found.length);
  const examples = holds ? [] : found.slice(0, NAMED).map(evidenceOf);
  return { invariant, by: service, says, checked, inFlight: 0, notJudged: 0, violations, examples };
}

function evidenceOf(value: unknown): Evidence {
  return typeof value === "object" && value !== null ? { ...value } : { why: String(value) };
}

function failed(service: string, error: unknown): Verdict {
  // A database that does not answer is not the fault of the function.
  if (error instanceof Error && "code" in error && error.code === "DATABASE_DOWN") throw error;
  const why = oneLine(wordsOf(error), 300);
  const says = "the function tandem_invariants of the service answers";
  return {
    ...{ invariant: "registered", by: service, says, checked: 0, inFlight: 0, notJudged: 0 },
    ...{ violations: 1, examples: [{ service, why }] },
  };
}
