/** The broker that commands ask, where it answers. */
import { TandemError } from "@tandem/runtime";
import { openAdmin } from "@tandem/runtime/admin";
import { observe, type Observation, type ObservedEvent } from "./observe.ts";

/** Somebody waits at a terminal. */
const ANSWER_MS = 3_000;

/** What was seen of each event, by its stream and subjects; or why nothing was. */
export type Sight = { readonly seen: readonly Observation[] } | { readonly seen: undefined; readonly why: string };

/**
 * Looks at events, one after the other. An unreachable broker is an answer, not an error.
 * @throws TandemError for what waiting does not mend: a login that is refused, a URL that cannot be read
 */
export async function look(natsUrl: string, events: readonly ObservedEvent[], windowMinutes: number): Promise<Sight> {
  try {
    const admin = await openAdmin({ servers: natsUrl.split(","), name: "tandem evolve", deadlineMs: ANSWER_MS });
    try {
      const seen: Observation[] = [];
      for (const event of events) seen.push(await observe(admin, event, { windowMinutes }));
      return { seen };
    } finally {
      await admin.close();
    }
  } catch (error) {
    if (error instanceof TandemError && error.code === "BROKER_UNREACHABLE")
      return { seen: undefined, why: error.message };
    throw error;
  }
}
