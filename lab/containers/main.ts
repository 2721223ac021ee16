/**
 * `npm run test:containers:system`: the tests that share servers, on servers in containers. Where no engine answers nothing
 * is run, the last line says so, and the exit code is 0. Further words are for vitest, in place of the files that are run
 * without them.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { BACKEND, testcontainersProblem } from "./engine.ts";

/**
 * Not among them: what tries the servers of this machine themselves, or the whole repository. What always stands on
 * processes is left out by vitest.config.ts: `--exclude` reaches none of its projects.
 */
const FILES = ["runtime/", "ops/", "services/", "contract-tests/flow", "contract-tests/outage"];
/** A container takes longer to be there than a process. Milliseconds. */
const PATIENCE = "--testTimeout=90000";

const root = fileURLToPath(new URL("../../", import.meta.url));
const problem = await testcontainersProblem();
if (problem === undefined) {
  const asked = process.argv.slice(2);
  const words = ["run", "--project", "system", PATIENCE, ...(asked.length === 0 ? FILES : asked)];
  const { status } = spawnSync(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, ...words], {
    cwd: root,
    env: { ...process.env, [BACKEND.variable]: BACKEND.containers },
    stdio: ["ignore", "inherit", "inherit"],
  });
  process.exitCode = status ?? 1;
} else {
  console.log(`The system tests did NOT run on containers: ${problem}.`);
}
