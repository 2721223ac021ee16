/** `tandem dead-letters`: its verbs. */
import { openAdmin } from "@tandem/runtime/admin";
import { natsServersOf } from "../addresses.ts";
import type { Command, Surroundings } from "../command.ts";
import { readTopology } from "../topology.ts";
import { UsageError } from "../usage-error.ts";
import { type Arguments, readArguments } from "./arguments.ts";
import { catalogueOf } from "./catalogue.ts";
import { readLetters } from "./read-letters.ts";
import { isChosen, select } from "./select.ts";
import { tellAudit, tellList } from "./tell.ts";

const HELP = `Looks after messages that a service gave up: dead letters.

  tandem dead-letters list [LETTER...]     what there is; groups of the same trouble when there are many
  tandem dead-letters show LETTER...       everything of a letter, and what a replay would do
  tandem dead-letters replay LETTER...     delivers it again, to the consumer that gave it up and to no other
  tandem dead-letters edit LETTER          replays it with another body
  tandem dead-letters discard LETTER...    lets it go: nothing is delivered
  tandem dead-letters audit [LETTER...]    who did what, and why

LETTER is an id of the list, or an event id. Instead of letters, or to narrow them:

  --group FINGERPRINT   the letters of one trouble (list --group shows the groups)
  --service NAME, --event NAME, --code CODE, --key KEY
  --since T, --until T  by when it failed last; T like 30m, 2h, 7d, or 2026-01-31T12:00Z
  --state STATE         open, replayed, discarded or all; open by default, all for letters that are named
  --all                 every open letter: show, replay and discard do not take everything by default

  --why TEXT            why; replay, edit and discard need it
  --by NAME             who; your login name by default
  --dry-run             says for each letter what would happen, and does nothing
  --rate N              replays a second; default 20
  --limit N             replays N letters at most, those that failed first
  --body FILE           the body of edit; without it $EDITOR opens the old one
  --each, --group       list: letters, or groups, however many there are
  --reveal              shows the values that the contract marks as sensitive
  --topology FILE       what codegen wrote; default generated/topology.json
  --json                the result as JSON

  NATS_URL              the server; default nats://127.0.0.1:4222
  DATABASE_URL          when set, the inboxes there say what was applied; a role that may read all schemas

Exit codes: 0 fine; 1 it did not work, or would not work; 2 the arguments are wrong.
`;

export const deadLettersCommand: Command = {
  help: HELP,
  run: async (argv, surroundings) => run(readArguments(argv, Date.now()), surroundings),
};

async function run(asked: Arguments, surroundings: Surroundings): Promise<number> {
  const { verb, selection, all, topology } = asked;
  if (verb !== "list" && verb !== "audit" && !all && !isChosen(selection))
    throw new UsageError("Say which letters: ids, a filter, or --all.");
  const catalogue = catalogueOf(readTopology(topology));
  const servers = natsServersOf(surroundings.env);
  const admin = await openAdmin({ servers, name: "tandem dead-letters" });
  try {
    const letters = await readLetters(admin, catalogue);
    if (verb === "list") return tellList(letters, asked, surroundings);
    if (verb === "audit") return tellAudit(letters, asked, surroundings);
    const chosen = select(letters.letters, selection);
    // Compiling schemas takes a while to load, and a list does without.
    const [{ schemasBeside }, { VERBS }] = await Promise.all([import("./schemas.ts"), import("./verbs.ts")]);
    const system = { admin, catalogue, schemas: schemasBeside(topology) };
    return await VERBS[verb](system, { chosen, trail: letters.trail }, asked, surroundings);
  } finally {
    await admin.close();
  }
}
