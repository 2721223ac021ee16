/** What a replay would do. */
import { askInboxes } from "./inboxes.ts";
import type { Letter } from "./letter.ts";
import { createPreparation, type System } from "./prepare.ts";

/** What would become of a letter that is replayed now. */
export interface Outlook {
  readonly would: "apply" | "repeat" | "deliver" | "fail" | "be impossible";
  /** The same in words. */
  readonly words: string;
}

/** The outlook of each letter. Reads each of them again. */
export async function outlooks(
  system: System,
  letters: readonly Letter[],
  databaseUrl: string | undefined,
): Promise<ReadonlyMap<Letter, Outlook>> {
  const prepare = createPreparation(system);
  const applied = await askInboxes(databaseUrl, letters);
  const found = new Map<Letter, Outlook>();
  for (const letter of letters) {
    const prepared = await prepare(letter);
    if (prepared.kind === "invalid") found.set(letter, { would: "fail", words: `still invalid: ${prepared.why}` });
    else if (prepared.kind === "impossible")
      found.set(letter, { would: "be impossible", words: `cannot be replayed: ${prepared.why}` });
    else found.set(letter, isStale(letter, applied(letter)) ? STALE : fromInbox(applied(letter)));
  }
  return found;
}

const STALE: Outlook = {
  would: "fail",
  words: "would be given up again: a later event of its key was applied, and the contract asks for their order",
};

/** Once a key has gone past an event it does not come back. */
function isStale({ latest }: Letter, applied: ReturnType<Awaited<ReturnType<typeof askInboxes>>>): boolean {
  return latest.code === "EVENT_STALE" && applied !== true;
}

function fromInbox(applied: boolean | { readonly unknown: string }): Outlook {
  if (applied === true) return { would: "repeat", words: "already applied: the service would pass it over" };
  if (applied === false) return { would: "apply", words: "would be applied" };
  return { would: "deliver", words: `would be delivered; whether it is applied cannot be told: ${applied.unknown}` };
}
