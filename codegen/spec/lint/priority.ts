/** Rules for which instances of a service an event is given to. */
import type { OperationSpec } from "../contract.ts";
import type { Report } from "../report.ts";

/** An instance asks for messages every 5 seconds at least; one that missed that twice may be gone. */
const SHORTEST_MS = 10_000;
/** The server's own limit is far away; a day without a reader is no failover. */
const LONGEST_MS = 86_400_000;

export function lintPriority({ key, consumer: { priority } }: OperationSpec, report: Report): void {
  if (priority?.timeoutAt === undefined) return;
  const { policy, timeoutMs, timeoutAt } = priority;
  if (policy !== "pinned") {
    const message = `${key} is read ${policy}, and only pinned has a timeout`;
    report.error("PRIORITY_TIMEOUT", timeoutAt, message, "Remove the timeout, or write policy: pinned.");
  } else if (timeoutMs < SHORTEST_MS) {
    const message = `${key} would be taken from an instance that waits for messages: it asks for some every 5 seconds`;
    report.error("PRIORITY_TIMEOUT", timeoutAt, message, "Make the timeout PT10S or longer.");
  } else if (timeoutMs > LONGEST_MS) {
    const message = `${key} would be read by nobody for more than a day after an instance is gone`;
    report.error("PRIORITY_TIMEOUT", timeoutAt, message, "Make the timeout P1D or shorter.");
  }
}
