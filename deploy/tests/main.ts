/**
 * `npm run test:containers`: the images and the whole system as containers. Where no engine answers nothing is run, the
 * last line says so, and the exit code is 0.
 */
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { engineProblem } from "../engine/docker.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const words = ["run", "--project", "containers", ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, [`${root}node_modules/vitest/vitest.mjs`, ...words], {
  cwd: root,
  stdio: ["ignore", "inherit", "inherit"],
});
const problem = await engineProblem();
if (problem !== undefined) console.log(`The tests of containers did NOT run: ${problem}.`);
process.exitCode = status ?? 1;
