/** What an operator does with dead letters when all is well again: spoiled messages are let go, everything else is sent back. */
import { deadLettersCommand } from "../../ops/dead-letters/command.ts";
import { readLetters } from "./books/collect.ts";
import type { Fleet } from "./fleet/fleet.ts";
import { TOPOLOGY_FILE } from "./fleet/fleet.ts";

/** How many letters were let go, and which were sent back. */
export interface Cleared {
  readonly discarded: number;
  readonly replayed: readonly string[];
}

/** Acts on every open letter, by `tandem dead-letters`. */
export async function clearLetters(fleet: Fleet): Promise<Cleared> {
  const spoiled = new Set(fleet.injections.all.flatMap(({ kind, eventId }) => (kind === "poison" ? [eventId] : [])));
  const open = (await readLetters(fleet)).filter(({ state }) => state === "open");
  const discarded = open.filter(({ eventId }) => spoiled.has(eventId));
  const replayed = open.filter(({ eventId }) => !spoiled.has(eventId));
  await act(fleet, "discard", "spoiled on purpose", discarded);
  await act(fleet, "replay", "all is well again", replayed);
  return {
    discarded: discarded.length,
    replayed: replayed.map(({ id, service, eventId, code }) => `${id} of ${service}, ${code}, event ${eventId}`),
  };
}

async function act(
  { natsUrl, databaseUrl }: Fleet,
  verb: "discard" | "replay",
  why: string,
  letters: readonly { readonly id: string }[],
): Promise<void> {
  if (letters.length === 0) return;
  const said: string[] = [];
  const argv = [verb, ...letters.map(({ id }) => id), "--why", why, "--by", "chaos", "--topology", TOPOLOGY_FILE];
  const env = { NATS_URL: natsUrl, DATABASE_URL: databaseUrl };
  const code = await deadLettersCommand.run(argv, { env, print: (text) => void said.push(text) });
  if (code !== 0) throw new Error(`dead-letters ${verb} did not work: ${said.join("\n")}`);
}
