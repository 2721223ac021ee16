/** I12: dead letters add up. I13: none of them was made by an outage. */
import { RUNTIME_ERRORS } from "@tandem/runtime";
import type { Admin } from "@tandem/runtime/admin";
import { catalogueOf } from "../dead-letters/catalogue.ts";
import { readLetters, type Letters } from "../dead-letters/read-letters.ts";
import type { Topology } from "../topology.ts";
import type { Tallies } from "./verdict.ts";

/** What says that something did not answer: a breaker or a hold should have kept it in hand. */
const OUTAGES: ReadonlySet<string> = new Set([
  ...Object.entries(RUNTIME_ERRORS).flatMap(([code, error]) => (error.class === "unavailable" ? [code] : [])),
  "DEPENDENCY_TIMEOUT",
]);

/** The letters of a topology, with the first sequence that each of their streams still has. */
export interface LettersNow extends Pick<Letters, "letters" | "totals" | "trail"> {
  readonly firstSequences: ReadonlyMap<string, number>;
}

/** Reads them; undefined where the contract keeps none. */
export async function readLettersNow(admin: Admin, topology: Topology): Promise<LettersNow | undefined> {
  const catalogue = catalogueOf(topology);
  if (catalogue.streams.length === 0) return undefined;
  const read = await readLetters(admin, catalogue);
  const firstSequences = new Map<string, number>();
  for (const name of catalogue.streams) firstSequences.set(name, (await admin.stream(name))?.firstSequence ?? 0);
  return { ...read, firstSequences };
}

/** Judges the letters, and what was written down of them. */
export function judgeLetters(
  { letters, totals, trail, firstSequences }: LettersNow,
  { I12, I13 }: Pick<Tallies, "I12" | "I13">,
): void {
  I12.checked += totals.in;
  if (!totals.addsUp) {
    const { in: came, open, replayed, discarded } = totals;
    I12.violate({ in: came, open, replayed, discarded, why: "what came in is not open + replayed + discarded" });
  }
  const places = new Set(
    letters.flatMap(({ entries }) => entries.map(({ stream, sequence }) => `${stream} ${sequence}`)),
  );
  for (const { kind, stream, letter, eventId = "", by, at } of trail.actions) {
    if (letter < (firstSequences.get(stream) ?? 0)) I12.notJudged += 1;
    else if (!places.has(`${stream} ${letter}`)) {
      I12.violate({ stream, letter, eventId, why: `${kind} by ${by} at ${at}, and it is not on its stream` });
    }
  }
  for (const { entries } of letters) {
    for (const { stream, sequence, service, event, eventId = "", code } of entries) {
      I13.checked += 1;
      // Not its words: they may quote what is nobody's business.
      if (OUTAGES.has(code)) I13.violate({ service, event, eventId, letter: `${stream} #${sequence}`, code });
    }
  }
}
