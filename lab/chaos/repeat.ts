/** Customers who ask again, long after they were told, with the same key and the same body. */
import { readIntentLog } from "../load/intent-log.ts";
import { sendOrder } from "../load/send-order.ts";

/** How many of them, spread over the whole run. */
const CUSTOMERS = 25;

/** What somebody was told the first time and the second. */
export interface Repeat {
  readonly key: string;
  readonly first: string;
  readonly again: string | undefined;
}

/** Asks for accepted orders again. */
export async function askAgain(url: string, logFile: string): Promise<readonly Repeat[]> {
  const accepted = (await readIntentLog(logFile)).flatMap(({ idempotencyKey, body, outcome }) =>
    outcome?.kind === "accepted" ? [{ idempotencyKey, body, first: outcome.orderId }] : [],
  );
  const step = Math.max(1, Math.floor(accepted.length / CUSTOMERS));
  const chosen = accepted.filter((_, place) => place % step === 0).slice(0, CUSTOMERS);
  return Promise.all(
    chosen.map(async ({ idempotencyKey, body, first }) => {
      const outcome = await sendOrder({ url, timeoutMs: 5_000, retries: 3 }, { idempotencyKey, body });
      return { key: idempotencyKey, first, again: outcome.kind === "accepted" ? outcome.orderId : undefined };
    }),
  );
}
