/** Periodic work of a service. */
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Metrics } from "../metrics.ts";

/** One job, with its context already given. */
export interface BoundJob {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
}

/**
 * Runs each job again and again until the signal aborts; resolves when the last run has ended. Runs of
 * one job never overlap in this process. Never rejects.
 */
export async function runJobs(
  jobs: readonly BoundJob[],
  log: Logger,
  metrics: Metrics,
  clock: Clock,
  stopping: AbortSignal,
): Promise<void> {
  await Promise.all(jobs.map(async (job) => repeat(job, log.child({ job: job.name }), metrics, clock, stopping)));
}

async function repeat(
  job: BoundJob,
  log: Logger,
  metrics: Metrics,
  clock: Clock,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    try {
      await job.run();
      metrics.jobRan(job.name, "done");
    } catch (error) {
      metrics.jobRan(job.name, "failed");
      log.error({ err: error }, "a job failed; it runs again at its time");
    }
    await clock.sleep(job.everyMs, stopping);
  }
}
