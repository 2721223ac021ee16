/** Whether a steward can do its work, and why not. */
import { type Broker, type Store, type Subscription, wordsOf } from "@tandem/runtime/admin";
import type { Part } from "./metrics.ts";

/** What health is made of. */
export interface HealthSources {
  readonly broker: Broker;
  readonly store: Store;
  readonly signal: AbortSignal;
  readonly net: () => Subscription | undefined;
  /** Why a part could not do its work the last time. */
  readonly troubles: ReadonlyMap<Part, string>;
}

/** Ready: connected to NATS, the database answers, the advisories are read. What failed in a part degrades. */
export function createHealth({ broker, store, signal, net, troubles }: HealthSources) {
  return async () => {
    const database = await store.schemas().then(
      () => undefined,
      (error: unknown) => wordsOf(error),
    );
    const { state } = broker;
    const advisories = net();
    const reasons = [
      ...(signal.aborted ? ["the steward is stopping"] : []),
      ...(state.kind === "connected" ? [] : [`NATS is ${state.kind}`]),
      ...(database === undefined ? [] : [database]),
      ...(advisories === undefined ? ["the advisories are not read yet"] : []),
      ...(advisories?.problem === undefined ? [] : [`advisories: ${advisories.problem}`]),
    ];
    const degraded = [...troubles].map(([part, why]) => `${part}: ${why}`);
    const ready = reasons.length === 0;
    const status = ready ? (degraded.length === 0 ? "ready" : "degraded") : "not ready";
    const body = {
      service: "steward",
      status,
      reasons: [...reasons, ...degraded],
      nats: state.kind,
      database: database ?? "answers",
    };
    return { ready, body };
  };
}
