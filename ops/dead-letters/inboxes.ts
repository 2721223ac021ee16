/** Asks the inboxes of services what was applied meanwhile. */
import { TandemError } from "@tandem/runtime";
import { appliedFacts, openStore, wordsOf } from "@tandem/runtime/admin";
import type { Letter } from "./letter.ts";

/** Whether the event of a letter was applied by its service; or why that cannot be told. */
export type Applied = boolean | { readonly unknown: string };

const NO_DATABASE = "set DATABASE_URL";

/** What the services' inboxes say of letters. Without a URL, or where a schema cannot be read, it says why not. */
export async function askInboxes(
  databaseUrl: string | undefined,
  letters: readonly Letter[],
): Promise<(letter: Letter) => Applied> {
  const answers = new Map<Letter, Applied>();
  if (databaseUrl !== undefined && databaseUrl !== "") {
    const store = openStore(databaseUrl);
    try {
      for (const [service, asked] of Map.groupBy(letters, ({ latest }) => latest.service)) {
        const facts = asked.flatMap((letter) =>
          letter.latest.eventId === undefined
            ? []
            : [{ letter, event: letter.latest.event, eventId: letter.latest.eventId }],
        );
        try {
          const applied = await appliedFacts(store.of(service), service, facts);
          for (const fact of facts) answers.set(fact.letter, applied.has(fact));
        } catch (error) {
          const unknown = reasonOf(error, service);
          for (const { letter } of facts) answers.set(letter, { unknown });
        }
      }
    } finally {
      await store.close();
    }
  }
  return (letter) =>
    answers.get(letter) ?? { unknown: letter.latest.eventId === undefined ? "it has no event id" : NO_DATABASE };
}

function reasonOf(error: unknown, service: string): string {
  if (error instanceof TandemError) return error.message;
  const words = wordsOf(error);
  return `DATABASE_URL does not lead to the inbox of ${service}: ${words}`;
}
