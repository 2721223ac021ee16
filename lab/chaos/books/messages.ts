/** What the run put on the streams itself, and what the streams hold more than once. */
import type { Report, Verdict } from "../../../ops/verify/verdict.ts";
import type { Books } from "./books.ts";
import { judgement } from "./judgement.ts";

/** Every message that nobody could take is a dead letter of each of its consumers, once. */
export function judgePoison({
  injected,
  letters,
  deletedStreams,
}: Pick<Books, "injected" | "letters" | "deletedStreams">): Verdict {
  return judgement(
    "I7",
    "every message that no consumer could take is a dead letter of each of them, once",
    (tally) => {
      for (const { kind, stream, subject, eventId, durables, says } of injected) {
        if (kind !== "poison") continue;
        for (const durable of durables) {
          // It may have gone with its stream before anybody saw it.
          if (deletedStreams.has(stream)) {
            tally.notJudged += 1;
            continue;
          }
          tally.checked += 1;
          const found = letters.filter((letter) => letter.durable === durable && letter.eventId === eventId).length;
          if (found !== 1) tally.violate({ durable, subject, eventId, what: says, why: `${found} dead letters` });
        }
      }
    },
  );
}

/** What has no reason to be a dead letter is none. */
export function judgeLetters({ letters, injected }: Pick<Books, "letters" | "injected">): Verdict {
  return judgement("I12", "every dead letter is of a message that the run spoiled, or was replayed", (tally) => {
    const spoiled = new Set(injected.flatMap(({ kind, eventId }) => (kind === "poison" ? [eventId] : [])));
    for (const { id, state, service, eventId, code } of letters) {
      tally.checked += 1;
      if (state === "open") tally.violate({ letter: id, service, eventId, code, why: "it is open" });
      else if (state === "discarded" && !spoiled.has(eventId))
        tally.violate({ letter: id, service, eventId, code, why: "discarded, and nobody spoiled it" });
    }
  });
}

/** A version of an event that is published again keeps its message id, so the stream has it once. */
export function judgeRepeated({ repeated, injected }: Pick<Books, "repeated" | "injected">, messages: number): Verdict {
  return judgement(
    "I8",
    "no stream holds a version of an event twice, but for those that the run repeated",
    (tally) => {
      tally.checked = messages;
      for (const { stream, subject, eventId, times } of repeated) {
        const own = injected.filter((one) => one.eventId === eventId && one.subject === subject).length;
        // What was repeated was there once before.
        if (times > own + 1) tally.violate({ stream, subject, eventId, times, repeated: own, why: "stored too often" });
      }
    },
  );
}

/**
 * A report of `tandem verify` without what the run did itself: nobody committed what it injected (I6), and poison
 * satisfies no version (I16). What is not named is not let go.
 */
export function withoutInjected(report: Report, { injected }: Pick<Books, "injected">): Report {
  const poison = new Set(injected.flatMap(({ kind, eventId }) => (kind === "poison" ? [eventId] : [])));
  const verdicts = report.verdicts.map((verdict) => {
    if (verdict.by !== "tandem" || !["I6", "I16"].includes(verdict.invariant)) return verdict;
    const examples = verdict.examples.filter(({ eventId }) => typeof eventId !== "string" || !poison.has(eventId));
    const own = verdict.examples.length - examples.length;
    return {
      ...verdict,
      checked: verdict.checked - own,
      notJudged: verdict.notJudged + own,
      violations: verdict.violations - own,
      examples,
    };
  });
  return { ...report, verdicts, holds: verdicts.every(({ violations }) => violations === 0) };
}
