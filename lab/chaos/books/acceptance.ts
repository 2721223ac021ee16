/** I1 by the log of intent: what customers were told is what is there. I2: everything is decided. */
import type { Verdict } from "../../../ops/verify/verdict.ts";
import type { Books } from "./books.ts";
import { judgement } from "./judgement.ts";

/** Every request that was answered with 202 has exactly one order, the one that it was told of. */
export function judgeAcceptance({ intents, orders }: Pick<Books, "intents" | "orders">): Verdict {
  const says = "every 202 has its one order, a request without an answer one at most, and no order came of itself";
  return judgement("I1", says, (tally) => {
    const ofKey = Map.groupBy(orders, ({ key }) => key);
    const wanted = new Set(intents.map(({ idempotencyKey }) => idempotencyKey));
    for (const { idempotencyKey: key, outcome } of intents) {
      tally.checked += 1;
      const found = (ofKey.get(key) ?? []).map(({ orderId }) => orderId);
      const told = outcome?.kind === "accepted" ? outcome.orderId : undefined;
      if (found.length > 1) tally.violate({ key, orders: found.join(", "), why: `${found.length} orders of one key` });
      else if (told === undefined) continue;
      else if (found.length === 0) tally.violate({ key, order: told, why: "accepted, and there is no such order" });
      else if (found[0] !== told) tally.violate({ key, order: told, found: found[0], why: "told of another order" });
    }
    for (const { key, orderId } of orders) {
      if (key === undefined || !wanted.has(key)) tally.violate({ order: orderId, key, why: "nobody wanted it" });
    }
  });
}

/** A customer who asks again with the same key is told of the same order. */
export function judgeRepeats(
  repeats: readonly { readonly key: string; readonly first: string; readonly again: string | undefined }[],
): Verdict {
  return judgement("I1", "who asks again with the same key is told of the same order", (tally) => {
    for (const { key, first, again } of repeats) {
      tally.checked += 1;
      if (again !== first) tally.violate({ key, order: first, again, why: "told otherwise the second time" });
    }
  });
}

/** At rest nothing is undecided. */
export function judgeTermination({ orders }: Pick<Books, "orders">): Verdict {
  return judgement("I2", "at rest every order is confirmed, or cancelled with a reason", (tally) => {
    for (const { orderId, stage, reason } of orders) {
      tally.checked += 1;
      if (stage !== "confirmed" && stage !== "cancelled") tally.violate({ order: orderId, why: `it is ${stage}` });
      else if ((stage === "cancelled") !== (reason !== undefined))
        tally.violate({ order: orderId, why: `${stage}, and its reason is ${reason}` });
    }
  });
}
