/** Carries out what the state machine decides: the order moves, its history grows, an event says so. */
import { PermanentError, type Clock, type Transaction } from "@tandem/runtime";
import type { OrderPublishes } from "#generated/services/order.ts";
import { lockOrder, moveOrder, note, type LockedOrder } from "./orders.ts";
import { decide, type Decision, type Fact } from "./transitions.ts";

/** What a decision needs. The first two belong to one transaction. */
export interface DecisionContext {
  readonly tx: Transaction;
  readonly publish: OrderPublishes;
  readonly clock: Clock;
}

/**
 * Applies a fact that another service published. It is decided under the order's row lock, so facts of
 * one order are decided one after another, and an order that was cancelled first is never made payable.
 *
 * @throws `PermanentError` when there is no such order, or when the fact contradicts what is known
 */
export async function applyFact(context: DecisionContext, orderId: string, fact: Fact, at: string): Promise<void> {
  const order = await lockOrder(context.tx, orderId);
  if (!order) throw new PermanentError(`${fact} speaks of order ${orderId}, which this service never accepted.`);
  const decision = decide(order.stage, fact);
  if (decision.kind === "contradiction") {
    throw new PermanentError(
      `${fact} cannot be true of order ${orderId}, which is ${order.stage}. Find out who published it.`,
    );
  }
  if (decision.kind !== "known") await note(context.tx, orderId, fact, at);
  await carryOut(context, order, decision);
}

/** Does what was decided about an order that the caller has locked. */
export async function carryOut(
  { tx, publish, clock }: DecisionContext,
  order: LockedOrder,
  decision: Decision,
): Promise<void> {
  const { orderId, total } = order;
  const now = new Date(clock.now()).toISOString();
  switch (decision.kind) {
    case "payable":
      await moveOrder(tx, orderId, "payable");
      await note(tx, orderId, "orders.payable", now);
      return publish.orderPayable({ order_id: orderId, total });
    case "confirmed":
      await moveOrder(tx, orderId, "confirmed");
      await note(tx, orderId, "orders.confirmed", now);
      return publish.orderConfirmed({ order_id: orderId, total });
    case "cancelled":
      await moveOrder(tx, orderId, "cancelled", decision.reason);
      await note(tx, orderId, "orders.cancelled", now);
      return publish.orderCancelled({ order_id: orderId, reason: decision.reason });
    case "note":
    case "known":
    case "contradiction":
  }
}
