/** Where calls arrive: each is counted, and carried out as the rules say. */
import { setTimeout as sleep } from "node:timers/promises";
import { Behaviour, type Call, type Operation } from "./behaviour.ts";
import { capture, decline, release } from "./charges.ts";
import type { Amount, ChargeState, Ledger } from "./ledger.ts";

/** What a caller gets to see: undefined is no answer, ever. */
export type Answer = { readonly status: number; readonly body: unknown } | undefined;

export class Desk {
  readonly ledger: Ledger;
  readonly behaviour = new Behaviour();
  /** Calls received so far, those that were never answered included. */
  readonly calls: Record<Operation, number> = { charge: 0, find: 0, refund: 0 };
  readonly #stopping: AbortSignal;

  /** The signal ends the waiting of slow calls. */
  constructor(ledger: Ledger, stopping: AbortSignal) {
    this.ledger = ledger;
    this.#stopping = stopping;
  }

  charge(key: string, amount: Amount): Promise<Answer> {
    return this.#perform({ operation: "charge", key, amount: amount.amount }, () => capture(this.ledger, key, amount));
  }

  find(key: string): Promise<Answer> {
    return this.#perform({ operation: "find", key }, () => this.ledger.find(key));
  }

  refund(key: string): Promise<Answer> {
    return this.#perform({ operation: "refund", key }, () => release(this.ledger, key));
  }

  async #perform(call: Call, act: () => ChargeState | "conflict" | undefined): Promise<Answer> {
    this.calls[call.operation] += 1;
    const rule = this.behaviour.take(call);
    switch (rule?.mode) {
      case undefined:
        return answerTo(call.operation, act());
      case "decline":
        return answerTo(call.operation, decline(this.ledger, call.key, rule?.reason ?? "declined"));
      case "error":
        return { status: rule?.status ?? 500, body: { error: "The gateway was told to fail." } };
      case "hang":
        return undefined;
      case "lie":
        act();
        return rule?.status === undefined ? undefined : { status: rule.status, body: { error: "The gateway lies." } };
      case "slow":
        await sleep(rule?.delayMs ?? 1_000, undefined, { signal: this.#stopping });
        return answerTo(call.operation, act());
    }
  }
}

function answerTo(operation: Operation, state: ChargeState | "conflict" | undefined): Answer {
  if (state === undefined) return { status: 404, body: { error: "No charge was ever asked for with this key." } };
  if (state === "conflict") return { status: 409, body: { error: "This key was used for another amount." } };
  if (operation !== "charge") return { status: 200, body: state };
  if (state.status === "captured") return { status: 201, body: state };
  return { status: state.status === "declined" ? 402 : 409, body: state };
}
