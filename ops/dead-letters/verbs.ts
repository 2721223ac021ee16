/** The verbs that are about letters one by one: what each does, and how its result is shown. */
import { databaseUrlOf } from "../addresses.ts";
import type { Surroundings } from "../command.ts";
import { OpsError } from "../error.ts";
import { type Decision, isDone, type Outcome } from "./act.ts";
import { UsageError } from "../usage-error.ts";
import type { Arguments } from "./arguments.ts";
import { printable } from "./body.ts";
import { discard } from "./discard.ts";
import { edit, editableBody } from "./edit.ts";
import { bodyFromEditor, bodyFromFile } from "./edited-body.ts";
import type { Letter } from "./letter.ts";
import { outlooks } from "./outlook.ts";
import type { System } from "./prepare.ts";
import { inOrder, replay } from "./replay.ts";
import { show } from "./show.ts";
import { outcomesText, shownText } from "./texts.ts";
import type { Trail } from "./trail.ts";

/** The letters that a verb is about, and what was done before. */
interface Chosen {
  readonly chosen: readonly Letter[];
  readonly trail: Trail;
}

type Verb = (system: System, letters: Chosen, asked: Arguments, surroundings: Surroundings) => Promise<number>;

/** By name; each answers the exit code. */
export const VERBS: Readonly<Record<"show" | "replay" | "edit" | "discard", Verb>> = {
  show: async (system, { chosen }, { reveal, json }, { env, print }) => {
    const letters = await show(system, chosen, { reveal, databaseUrl: databaseUrlOf(env) });
    const text = letters.length === 0 ? "no such letters" : letters.map(shownText).join("\n\n");
    print(json ? JSON.stringify({ letters }, null, 2) : text);
    return 0;
  },

  replay: async (system, { chosen, trail }, asked, surroundings) => {
    if (asked.dryRun) return foresee(system, inOrder(chosen, asked.limit), asked, surroundings);
    const { rate, limit } = asked;
    const outcomes = await replay(system, chosen, trail, { ...decisionOf(asked), rate, limit });
    return tellOutcomes(outcomes, chosen.length, asked, surroundings);
  },

  discard: async (system, { chosen, trail }, asked, surroundings) => {
    if (asked.dryRun) {
      const letters = chosen.map(({ id }) => id);
      const text = `would discard ${letters.length === 0 ? "nothing" : letters.join(", ")}`;
      surroundings.print(asked.json ? JSON.stringify({ letters }, null, 2) : text);
      return 0;
    }
    const outcomes = await discard(system, chosen, trail, decisionOf(asked));
    return tellOutcomes(outcomes, chosen.length, asked, surroundings);
  },

  edit: async (system, { chosen, trail }, asked, { env, print }) => {
    const [letter, ...more] = chosen;
    if (letter === undefined || more.length > 0)
      throw new OpsError(`edit is for one letter, and this chooses ${chosen.length}: name it by its id.`);
    const body = asked.body === undefined ? await fromEditor(system, letter, env) : bodyFromFile(asked.body);
    const { dryRun, reveal, json } = asked;
    const edited = await edit(system, letter, trail, { ...decisionOf(asked), body, dryRun, reveal });
    const { outcome, difference } = edited;
    const text = printable([...difference, "", `${outcome.letter}: ${outcome.words}`].join("\n"));
    print(json ? JSON.stringify(edited, null, 2) : text);
    return ["edited", "would be edited"].includes(outcome.outcome) ? 0 : 1;
  },
};

function decisionOf({ by, why, again }: Arguments): Decision {
  return { by, why, again };
}

/** Says what a replay would do with each letter; 1 when it would not work with one of them. */
async function foresee(
  system: System,
  letters: readonly Letter[],
  { json }: Arguments,
  { env, print }: Surroundings,
): Promise<number> {
  const found = await outlooks(system, letters, databaseUrlOf(env));
  const foreseen = [...found].map(([{ id, latest }, outlook]) => ({ letter: id, eventId: latest.eventId, ...outlook }));
  const lines = foreseen.map(({ letter, words }) => `${letter}: ${words}`);
  const text = lines.length === 0 ? "nothing to do" : lines.join("\n");
  print(json ? JSON.stringify({ letters: foreseen }, null, 2) : printable(text));
  return foreseen.some(({ would }) => would === "fail" || would === "be impossible") ? 1 : 0;
}

function tellOutcomes(
  outcomes: readonly Outcome[],
  chosen: number,
  { json }: Arguments,
  { print }: Surroundings,
): number {
  const left = chosen - outcomes.length;
  print(json ? JSON.stringify({ outcomes, left }, null, 2) : outcomesText(outcomes, left));
  return outcomes.every(isDone) ? 0 : 1;
}

async function fromEditor(system: System, letter: Letter, env: Surroundings["env"]): Promise<Uint8Array> {
  const editor = env["VISUAL"] ?? env["EDITOR"];
  if (!process.stdin.isTTY || editor === undefined || editor === "")
    throw new UsageError("edit needs --body FILE, or a terminal and $EDITOR.");
  return bodyFromEditor(editor, await editableBody(system, letter));
}
