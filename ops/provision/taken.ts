/** Compares what a server answered with what it was asked for. */
import type { DurableInfo, ServerInfo } from "@tandem/runtime/admin";
import { OpsError } from "../error.ts";
import { changedFields } from "./plan.ts";

/** Since which release a server has what these settings ask for. */
const SINCE: Readonly<Record<string, string>> = {
  filterSubjects: "2.10.0",
  metadata: "2.10.0",
  atomicBatches: "2.12.0",
  priority: "2.12.0",
};

const OLDEST = "2.12.1";

/**
 * A server drops what it does not know without a word, and in a cluster another one may answer than the one that was
 * asked for its version.
 *
 * @throws OpsError that names each setting that was dropped, and the server that is needed for it
 */
export function assertTaken(
  what: string,
  asked: object,
  answered: object,
  { version }: Pick<ServerInfo, "version">,
): void {
  const dropped = changedFields(asked, answered).map(({ field }) =>
    Object.hasOwn(SINCE, field) ? `${field} (nats-server ${SINCE[field]})` : field,
  );
  if (dropped.length === 0) return;
  throw new OpsError(
    `The server did not take over ${dropped.join(", ")} of ${what}. It said that it is ${version}; a server of its cluster that is older than ${OLDEST}, or that does not allow it, leaves out what it does not know.`,
  );
}

/** @throws OpsError when a durable is further back than it was: what it had settled would come again, or worse */
export function assertPlaceKept(before: DurableInfo, after: DurableInfo): void {
  const back = after.settledSequence < before.settledSequence || after.deliveredSequence < before.deliveredSequence;
  if (!back) return;
  throw new OpsError(
    `The server set ${before.stream}/${before.name} back from ${before.deliveredSequence} to ${after.deliveredSequence}, which it never does by itself: somebody made it anew at the same time.`,
  );
}
