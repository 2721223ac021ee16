import { dockerProblem } from "../engine/docker.ts";

const problem = await dockerProblem();

/** Whether there is nothing to run containers: such tests are skipped. */
export const noEngine = problem !== undefined;

/** Stands at the end of their names, and says why; empty where they run. */
export const whyNot = problem === undefined ? "" : ` (did not run: ${problem})`;
