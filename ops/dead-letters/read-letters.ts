/** Reads the dead letters of a contract, and what was done with them. */
import type { Admin } from "@tandem/runtime/admin";
import { OpsError } from "../error.ts";
import { addUp, type Totals } from "./add-up.ts";
import type { Catalogue } from "./catalogue.ts";
import { readEntry } from "./entry.ts";
import type { Entry, Letter } from "./letter.ts";
import { mergeLetters } from "./merge.ts";
import { readTrail, type Trail } from "./trail.ts";

export interface Letters {
  /** The one that failed last comes first. */
  readonly letters: readonly Letter[];
  readonly totals: Totals;
  readonly trail: Trail;
}

/**
 * Reads all of it. Bodies are not kept: a letter's message is read again when it is needed.
 *
 * @throws OpsError when the contract has no stream for dead letters, or the server has it not
 */
export async function readLetters(admin: Admin, catalogue: Catalogue): Promise<Letters> {
  if (catalogue.streams.length === 0) throw new OpsError("The contract has no stream for dead letters.");
  const entries: Entry[] = [];
  for (const stream of catalogue.streams) {
    if ((await admin.stream(stream)) === undefined)
      throw new OpsError(
        `The server has no stream ${stream}, where the contract keeps dead letters. Run tandem provision.`,
      );
    for await (const stored of admin.readStream(stream, { follow: false })) entries.push(readEntry(stored, catalogue));
  }
  // After the letters: an action on a letter that was read is then read too.
  const trail = await readTrail(admin, catalogue.streams);
  const letters = mergeLetters(entries, trail.actions);
  return { letters, totals: addUp(entries, letters), trail };
}
