import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { areContainersAskedFor } from "./engine.ts";

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

it("containers are used for whoever asks for them, and for nobody else", () => {
  expect(areContainersAskedFor({ TANDEM_TEST_SERVERS: "containers" })).toBe(true);
  expect(areContainersAskedFor({ TANDEM_TEST_SERVERS: "" })).toBe(false);
  expect(areContainersAskedFor({})).toBe(false);
});

// Who has Docker's own socket has an engine whatever else is said.
it.skipIf(existsSync("/var/run/docker.sock"))(
  "without an engine nothing runs, is said to, and nothing fails",
  async () => {
    const home = await scratchDirectory();
    const env = { PATH: process.env["PATH"], HOME: home, DOCKER_HOST: `unix://${home}/none.sock` };
    const { stdout } = await run(process.execPath, [MAIN], { env });
    expect(stdout).toMatch(/^The system tests did NOT run on containers: no container engine answers \(.+\)\.$/m);
  },
);
