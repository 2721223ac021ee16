/** I15: whether so much happened that a verdict says something. Measured against the run's own undisturbed beginning. */
import type { LoggedIntent } from "../../load/intent-log.ts";
import type { Books } from "./books.ts";

/** Why a run says nothing, in sentences; none when it says something. */
export interface Liveness {
  /** Of all requests, 0 to 1, and of those of the undisturbed beginning. */
  readonly accepted: { readonly share: number; readonly undisturbed: number };
  /** Of all accepted orders, 0 to 1, and of those of the undisturbed beginning. */
  readonly confirmed: { readonly share: number; readonly undisturbed: number };
  readonly problems: readonly string[];
}

/** What a disturbed run must reach of what it reached undisturbed. */
const FLOOR = 0.5;
/** Requests of the beginning, below which it cannot be a measure. */
const LEAST = 20;

/**
 * Judges the liveness of a run.
 *
 * @param quietUntil until when nothing went wrong, milliseconds since the epoch
 * @param more what else went wrong with the run itself: a backlog that did not drain, faults that could not be done
 */
export function judgeLiveness(
  { intents, orders }: Pick<Books, "intents" | "orders">,
  quietUntil: number,
  more: readonly string[],
): Liveness {
  const stages = new Map(orders.map(({ orderId, stage }) => [orderId, stage]));
  const undisturbed = intents.filter(({ intendedAt }) => Date.parse(intendedAt) < quietUntil);
  const accepted = { share: acceptedOf(intents), undisturbed: acceptedOf(undisturbed) };
  const confirmed = { share: confirmedOf(intents, stages), undisturbed: confirmedOf(undisturbed, stages) };
  const problems = [...more];
  if (undisturbed.length < LEAST)
    problems.push(`only ${undisturbed.length} orders were sent before the first fault, and ${LEAST} are the measure`);
  else if (accepted.undisturbed < 1 - FLOOR || confirmed.undisturbed < FLOOR / 2)
    problems.push(
      `undisturbed, ${percent(accepted.undisturbed)} were accepted and ${percent(confirmed.undisturbed)} of them confirmed: this machine is too busy`,
    );
  for (const [word, { share, undisturbed: measure }] of Object.entries({ accepted, confirmed })) {
    if (share < measure * FLOOR)
      problems.push(
        `${percent(share)} were ${word}, and undisturbed it were ${percent(measure)}: half of that is the floor`,
      );
  }
  return { accepted, confirmed, problems };
}

function acceptedOf(intents: readonly LoggedIntent[]): number {
  const accepted = intents.filter(({ outcome }) => outcome?.kind === "accepted").length;
  return accepted / Math.max(1, intents.length);
}

function confirmedOf(intents: readonly LoggedIntent[], stages: ReadonlyMap<string, string>): number {
  const told = intents.flatMap(({ outcome }) => (outcome?.kind === "accepted" ? [outcome.orderId] : []));
  return told.filter((order) => stages.get(order) === "confirmed").length / Math.max(1, told.length);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
