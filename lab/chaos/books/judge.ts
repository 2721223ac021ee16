/** The verdict of a run, from everything that it left. */
import type { Report, Verdict } from "../../../ops/verify/verdict.ts";
import type { LogCounts } from "../log-counts.ts";
import type { Repeat } from "../repeat.ts";
import { outcomeOf, type Result } from "../result.ts";
import { judgeAcceptance, judgeRepeats, judgeTermination } from "./acceptance.ts";
import type { Books } from "./books.ts";
import { judgeLiveness } from "./liveness.ts";
import { judgeLetters, judgePoison, judgeRepeated, withoutInjected } from "./messages.ts";
import { judgeMoney } from "./money.ts";
import { judgeProcesses } from "./processes.ts";
import { judgeReservations, judgeStock } from "./stock.ts";

/** Everything that a run left. */
export interface Remains {
  readonly seed: number;
  readonly minutes: number;
  readonly faults: Readonly<Record<string, number>>;
  /** What went wrong with the run itself, in sentences. */
  readonly problems: readonly string[];
  readonly repeats: readonly Repeat[];
  /** Of `tandem verify`. */
  readonly report: Report;
  readonly books: Books & { readonly messages: number };
  /** What the replay into fresh databases found. */
  readonly shadow: readonly Verdict[];
  readonly logs: LogCounts;
  readonly lives: number;
  readonly drainedInMs: number;
  /** Dead letters that were sent back. */
  readonly sentBack: number;
  /** Until when nothing went wrong, milliseconds since the epoch. */
  readonly quietUntil: number;
}

/** Judges everything. */
export function judge(remains: Remains): Result {
  const { books, report, shadow, repeats, lives, logs, drainedInMs, sentBack, seed, minutes, faults } = remains;
  const verdicts = [
    ...withoutInjected(report, books).verdicts,
    judgeAcceptance(books),
    judgeRepeats(repeats),
    judgeTermination(books),
    judgeStock(books),
    judgeMoney(books),
    judgePoison(books),
    judgeRepeated(books, books.messages),
    judgeReservations(books),
    judgeLetters(books),
    ...shadow,
    judgeProcesses(books, lives),
  ].toSorted((one, other) => one.invariant.localeCompare(other.invariant, "en", { numeric: true }));
  const liveness = judgeLiveness(books, remains.quietUntil, remains.problems);
  const told = (kind: string): number => books.intents.filter(({ outcome }) => outcome?.kind === kind).length;
  const [accepted, refused] = [told("accepted"), told("refused")];
  const ended = (stage: string): number => books.orders.filter((order) => order.stage === stage).length;
  const spoiled = new Set(books.injected.flatMap(({ kind, eventId }) => (kind === "poison" ? [eventId] : [])));
  return {
    ...{ seed, minutes, faults, liveness, verdicts, outcome: outcomeOf(verdicts, liveness) },
    figures: {
      ...logs,
      ...{ intended: books.intents.length, accepted, refused },
      unanswered: books.intents.length - accepted - refused,
      ...{ confirmed: ended("confirmed"), cancelled: ended("cancelled"), events: books.messages },
      deadLetters: books.letters.length,
      spoiled: books.letters.filter(({ eventId }) => spoiled.has(eventId)).length,
      ...{ sentBack, lives, drainedInMs },
    },
  };
}
