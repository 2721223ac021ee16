/**
 * `npm run test:containers`: the images, the whole system and a cluster as containers, then the system tests on servers in
 * containers. With words for vitest, only the first, with these. Where no engine answers nothing is run, the last line says
 * so, and the exit code is 0.
 */
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import { dockerProblem } from "../engine/docker.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const words = process.argv.slice(2);

/** Runs a program of this repository to its end; true when it ended well. */
function run(file: string, ...asked: readonly string[]): boolean {
  const { status } = spawnSync(process.execPath, [`${root}${file}`, ...asked], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  return status === 0;
}

const outcomes = [run("node_modules/vitest/vitest.mjs", "run", "--project", "containers", ...words)];
if (words.length === 0) outcomes.push(run("lab/containers/main.ts"));
const problem = await dockerProblem();
if (problem !== undefined) console.log(`The tests of containers did NOT run: ${problem}.`);
process.exitCode = outcomes.every(Boolean) ? 0 : 1;
