/** No process ends but when it is killed or told to. */
import type { Verdict } from "../../../ops/verify/verdict.ts";
import type { Books } from "./books.ts";
import { judgement } from "./judgement.ts";

/** Judges the ends of all lives. */
export function judgeProcesses({ ownEnds }: Pick<Books, "ownEnds">, lives: number): Verdict {
  return judgement("lives", "no process ended by itself", (tally) => {
    tally.checked = lives;
    for (const { member, exit, lastWords } of ownEnds) {
      const why = `it ended with ${exit.signal ?? `exit code ${exit.code}`}: ${lastWords.at(-1) ?? "it printed nothing"}`;
      tally.violate({ process: member, why });
    }
  });
}
