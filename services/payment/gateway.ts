/** The payment gateway as this service sees it. An order's id is its idempotency key there. */
import { PermanentError, type Dependency } from "@tandem/runtime";
import type { Money } from "#generated/schemas/money.ts";
import { readAnswer, type GatewayAnswer } from "./gateway-answer.ts";

/** Statuses that say that the request is wrong, and not the moment. A 404 is the wrong URL: it can be mended. */
const REFUSALS: ReadonlySet<number> = new Set([400, 409, 422]);
/** Characters of an answer that an error quotes. */
const LONGEST_QUOTE = 200;

/** Takes and gives back money. */
export interface Gateway {
  /**
   * Takes the amount, at most once for an order however often it is asked. Where the outcome of an
   * earlier try is unknown (one that got no answer here, or `isRepeated`: perhaps one elsewhere), the
   * gateway is asked what became of it before anything is tried again.
   *
   * @throws what the dependency throws; `PermanentError` when the gateway refuses the request itself
   */
  charge(orderId: string, amount: Money, isRepeated: boolean, signal: AbortSignal): Promise<GatewayAnswer>;
  /**
   * Gives back what was taken for an order. When nothing was, the gateway closes the order's key: a
   * charge that is still on its way takes nothing any more.
   *
   * @throws as `charge`
   */
  release(orderId: string, signal: AbortSignal): Promise<GatewayAnswer>;
}

/** The gateway at a URL, called through a dependency with timeout, retries and breaker. */
export function createGateway(baseUrl: string, dependency: Dependency): Gateway {
  const chargesUrl = `${baseUrl.replace(/\/+$/, "")}/charges`;
  /** Orders whose last charge got no answer: taken or not, nobody here knows. */
  const unanswered = new Set<string>();

  async function find(orderId: string, signal: AbortSignal): Promise<GatewayAnswer | undefined> {
    const response = await fetch(`${chargesUrl}/${orderId}`, { signal, redirect: "error" });
    return response.status === 404 ? undefined : answerOf(response);
  }

  async function capture(orderId: string, amount: Money, signal: AbortSignal): Promise<GatewayAnswer> {
    const response = await fetch(chargesUrl, {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": orderId },
      body: JSON.stringify(amount),
      signal,
      redirect: "error",
    });
    return answerOf(response);
  }

  return {
    charge: async (orderId, amount, isRepeated, signal) =>
      dependency.call(async (attemptSignal) => {
        const isUnknown = isRepeated || unanswered.has(orderId);
        unanswered.add(orderId);
        const earlier = isUnknown ? await find(orderId, attemptSignal) : undefined;
        const answer = earlier ?? (await capture(orderId, amount, attemptSignal));
        unanswered.delete(orderId);
        return answer;
      }, signal),

    release: async (orderId, signal) =>
      dependency.call(async (attemptSignal) => {
        const url = `${chargesUrl}/${orderId}/refund`;
        const answer = await answerOf(await fetch(url, { method: "POST", signal: attemptSignal, redirect: "error" }));
        unanswered.delete(orderId);
        return answer;
      }, signal),
  };
}

/**
 * What a response says. A refusal of the request itself is for good, whoever asks again. Everything else
 * that makes no sense is a failure of the gateway: it counts against it, and is tried again.
 */
async function answerOf(response: Response): Promise<GatewayAnswer> {
  const text = await response.text();
  const answer = response.status < 500 ? readAnswer(text) : undefined;
  if (answer) return answer;
  const words = `The gateway answered ${response.status}: ${text.slice(0, LONGEST_QUOTE)}`;
  throw REFUSALS.has(response.status) ? new PermanentError(words) : new Error(words);
}
