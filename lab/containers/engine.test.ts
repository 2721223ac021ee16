import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { areContainersAskedFor } from "./engine.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));

it("containers are used for whoever asks for them, and for nobody else", () => {
  expect(areContainersAskedFor({ TANDEM_TEST_SERVERS: "containers" })).toBe(true);
  expect(areContainersAskedFor({ TANDEM_TEST_SERVERS: "" })).toBe(false);
  expect(areContainersAskedFor({})).toBe(false);
});

it("containers are not tried by the suite whose servers are processes always", async () => {
  const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));
  const listed = async (servers: string) => {
    const words = [vitest, "list", "--project", "system", "--filesOnly", "runtime/nats/"];
    return (await run(process.execPath, words, { cwd: ROOT, env: { ...process.env, TANDEM_TEST_SERVERS: servers } }))
      .stdout;
  };
  const [containers, processes] = [await listed("containers"), await listed("")];
  expect(processes).toContain("runtime/nats/conformance/one-node.system.test.ts");
  expect(containers).toContain("runtime/nats/admin.system.test.ts");
  expect(containers).not.toContain("conformance");
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
