/** The sweeper: an order about which nothing was decided in time is cancelled. */
import { classify, type ServiceContext } from "@tandem/runtime";
import type { OrderPublishes } from "#generated/services/order.ts";
import { carryOut } from "./decisions.ts";
import { lockOverdueOrder } from "./orders.ts";
import { decide } from "./transitions.ts";

/** How many orders one sweep looks at; the next one goes on from there. */
const BATCH = 200;

/** What a sweep needs of its service. */
export type SweepContext = Pick<ServiceContext<OrderPublishes>, "database" | "transact" | "clock" | "signal" | "log">;

/**
 * Cancels orders whose deadline has passed, longest overdue first, each in a transaction of its own.
 * Sweepers of several replicas skip what another has locked, and so does a sweep that meets a handler
 * deciding about the order at this moment: whoever holds the lock decides.
 *
 * @throws an `AggregateError` of what failed, after all the others were cancelled; at once when the
 *   database does not answer
 */
export async function cancelOverdueOrders(context: SweepContext): Promise<void> {
  const { rows } = await context.database.query<{ order_id: string; correlation_id: string }>(
    `select order_id, correlation_id from orders
      where stage in ('accepted', 'payable') and deadline <= $1
      order by deadline limit $2`,
    [new Date(context.clock.now()), BATCH],
  );
  const failures: unknown[] = [];
  for (const { order_id: orderId, correlation_id: correlationId } of rows) {
    if (context.signal.aborted) break;
    try {
      await cancelIfOverdue(context, orderId, correlationId);
    } catch (error) {
      // One order that cannot be cancelled must not keep those behind it waiting for ever.
      if (classify(error) === "unavailable") throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} overdue orders could not be cancelled`);
}

async function cancelIfOverdue(context: SweepContext, orderId: string, correlationId: string): Promise<void> {
  const { transact, clock, log } = context;
  // No event makes a deadline pass: what follows belongs to the request that placed the order.
  await transact({ correlationId, causationId: correlationId }, async ({ tx, publish }) => {
    const order = await lockOverdueOrder(tx, orderId, new Date(clock.now()));
    if (!order) return;
    await carryOut({ tx, publish, clock }, order, decide(order.stage, "deadline passed"));
    log.info({ orderId, correlationId }, "cancelled: nothing was decided before its deadline");
  });
}
