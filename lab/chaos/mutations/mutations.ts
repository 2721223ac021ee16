/** Every mutation: the guarantees of the runtime and of the reference system, broken one at a time. */
import type { Mutation } from "./mutation.ts";

const RUN_HANDLER = "runtime/delivery/run-handler.ts";
const HANDLE_DELIVERY = "runtime/delivery/handle-delivery.ts";

export const MUTATIONS: readonly Mutation[] = [
  {
    name: "no-inbox",
    says: "nothing is written down of what was applied, and everything is applied again",
    changes: [
      {
        file: RUN_HANDLER,
        from: "const first = await recordInbox(tx, { service, event, version, envelope, ...place, runs: attempt.runs });",
        to: "const first = true || (await recordInbox(tx, { service, event, version, envelope, ...place, runs: 1 }));",
      },
    ],
    caughtBy: { kind: "chaos", seed: 1, minutes: 0.7, only: "duplicates", breaks: ["I7"] },
  },
  {
    name: "inbox-unread",
    says: "what was applied is written down, and applied again all the same",
    changes: [
      {
        file: RUN_HANDLER,
        from: 'if (!first) return "duplicate";',
        to: "",
      },
    ],
    caughtBy: { kind: "tests", file: "runtime/tests/delivery.system.test.ts" },
  },
  {
    name: "no-outbox",
    says: "events are written after the commit, in a transaction of their own",
    changes: [
      {
        file: "runtime/postgres/unit-of-work.ts",
        from: "        await writeOutbox(tx, collector.events, cause);\n",
        to: "",
      },
      {
        file: "runtime/postgres/unit-of-work.ts",
        from: "        onOutbox();",
        to: "        await inTransaction(pool, async (tx) => writeOutbox(tx, collector.events, cause));\n        onOutbox();",
      },
    ],
    caughtBy: { kind: "chaos", seed: 2, minutes: 0.7, only: "failpoint", breaks: ["I1", "I2"] },
  },
  {
    name: "ack-before-commit",
    says: "a delivery is acknowledged before its handler has run",
    changes: [
      {
        file: HANDLE_DELIVERY,
        from: "    return settleEvent({ delivery, attempt: attemptOf(delivery), envelope: undefined, log });",
        to: '    void settleEvent({ delivery, attempt: attemptOf(delivery), envelope: undefined, log });\n    return { kind: "ack" };',
      },
    ],
    caughtBy: { kind: "chaos", seed: 1, minutes: 0.7, only: "terminate-connections,kill-service", breaks: ["I7"] },
  },
  {
    name: "no-dead-letter",
    says: "what nobody can take is given up, and no dead letter is stored",
    changes: [
      {
        file: HANDLE_DELIVERY,
        from: "await holdWhileUnavailable(() => publishDeadLetter(broker, deadLetter), {",
        to: "await holdWhileUnavailable(async () => void [publishDeadLetter, broker, deadLetter], {",
      },
    ],
    caughtBy: { kind: "chaos", seed: 1, minutes: 0.7, only: "poison", breaks: ["I7"] },
  },
  {
    name: "wrong-message-id",
    says: "every try of a publish has a message id of its own",
    changes: [
      {
        file: "runtime/events/envelope.ts",
        from: "export function messageIdOf(eventId: string, version: number): string {\n",
        to: "export function messageIdOf(eventId: string, version: number): string {\n  if (version > 0) return `${eventId}:${version}:${Math.random()}`;\n",
      },
    ],
    caughtBy: { kind: "tests", file: "runtime/tests/killed-relays.system.test.ts" },
  },
  {
    name: "no-pinned-versions",
    says: "of the versions that an event was committed in only the newest is published",
    changes: [
      {
        file: "runtime/postgres/publish-rows.ts",
        from: "row.versions.map((pinned) => messageOf(source, row, pinned)),",
        to: "row.versions.slice(0, 1).map((pinned) => messageOf(source, row, pinned)),",
      },
    ],
    caughtBy: { kind: "tests", file: "runtime/postgres/outbox.system.test.ts", named: "every pinned version" },
  },
  {
    name: "breaker-naks",
    says: "what waits for something that does not answer is handed back, instead of being held",
    changes: [
      {
        file: HANDLE_DELIVERY,
        from: "    holdWhileUnavailable(work, { clock, stopping, waitFor: (error) => outages.wait(error, event.name), onHold });",
        to: "    onHold === undefined ? holdWhileUnavailable(work, { clock, stopping, waitFor: (error) => outages.wait(error, event.name), onHold }) : work();",
      },
    ],
    caughtBy: { kind: "tests", file: "runtime/tests/breaker.system.test.ts" },
  },
  {
    name: "reservation-without-a-lock",
    says: "stock is compared without being locked",
    changes: [
      {
        file: "services/inventory/stock.ts",
        from: "where product_id = any($1::text[]) order by product_id for update",
        to: "where product_id = any($1::text[]) order by product_id",
      },
    ],
    caughtBy: { kind: "tests", file: "services/inventory/inventory.system.test.ts", named: "under concurrency" },
  },
  {
    name: "no-refund",
    says: "a cancelled order is noted, and its money is kept",
    changes: [
      {
        file: "services/payment/handlers.ts",
        from: "      const answer = await gateway.release(order_id, signal);\n",
        to: '      if (signal) return log.info({ state }, "cancelled");\n      const answer = await gateway.release(order_id, signal);\n',
      },
    ],
    caughtBy: { kind: "chaos", seed: 3, minutes: 0.7, only: "clock-jump", breaks: ["I4", "I11"] },
  },
];
