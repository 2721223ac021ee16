import { LabError } from "./lab-error.ts";
import { waitFor } from "./wait.ts";

/** Elections take up to nine seconds, and there may be two. */
const AGREE_MS = 30_000;

/** Resolves when the nodes of a cluster that run agree on a leader. Rejects with `SERVER_NOT_STARTED` when they do not. */
export async function untilHealthy(nodes: readonly { readonly monitoringUrl: string }[]): Promise<void> {
  const healthy = async (): Promise<true | undefined> => {
    const answers = await Promise.all(
      nodes.map(async ({ monitoringUrl }) => fetch(`${monitoringUrl}/healthz`).catch(() => undefined)),
    );
    // A node that was killed has no say.
    const running = answers.filter((answer) => answer !== undefined);
    return running.length > nodes.length / 2 && running.every(({ ok }) => ok) ? true : undefined;
  };
  if ((await waitFor(healthy, { deadlineMs: AGREE_MS, intervalMs: 50 })) === undefined) {
    throw new LabError("SERVER_NOT_STARTED", `The NATS cluster has no leader after ${AGREE_MS / 1_000} s.`);
  }
}
