/** Which run of tests a container belongs to, so that none of them outlives it. */
import { randomUUID } from "node:crypto";

const VARIABLE = "TANDEM_TEST_RUN";
const LABEL = "tandem.test-run";

/** Begins a run: this process and those that it starts mark their containers as of it. */
export function beginRun(): void {
  process.env[VARIABLE] = randomUUID();
}

/** What marks a container of this run; nothing outside of one. */
export function runLabels(): Record<string, string> {
  const run = process.env[VARIABLE];
  return run === undefined ? {} : { [LABEL]: run };
}

/** Removes what is left of the run: a test file that failed, or its process, may not have come to it. */
export async function endRun(): Promise<void> {
  const { getContainerRuntimeClient } = await import("testcontainers");
  const { container } = await getContainerRuntimeClient();
  const filters = { label: [`${LABEL}=${process.env[VARIABLE]}`] };
  const left = await container.dockerode.listContainers({ all: true, filters });
  for (const { Id } of left) await container.getById(Id).remove({ force: true, v: true });
}
