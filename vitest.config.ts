import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { areContainersAskedFor } from "./lab/containers/engine.ts";

const elsewhere = [...configDefaults.exclude, "**/dist/**", "**/testdata/**", "**/.corpus-out/**"];
const systemTests = ["**/*.system.test.ts", "contract-tests/**/*.test.ts"];
const browserTests = ["**/*.browser.test.ts"];

/** Its servers are processes of this machine always, so on containers it would say the same once more. */
const onProcesses = areContainersAskedFor() ? ["runtime/nats/conformance/**"] : [];

const containerTests = ["**/*.containers.test.ts"];

/** It builds images and breaks what runs of them, for minutes: only for who asks for it, as `npm run test:containers` does. */
const containers = {
  extends: true,
  test: {
    name: "containers",
    include: containerTests,
    exclude: elsewhere,
    // One engine, and files that take all of it.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 900_000,
  },
} as const;
const isAskedFor = process.argv.some((word) => /^(?:--project=)?containers$/.test(word));

/**
 * Three suites, and a fourth on demand. `unit` needs no server and starts none. `browser` opens pages in Chromium, which is found, or fetched,
 * before the first of them (lab/testing/browser.ts). `system` stands on a real NATS and a real PostgreSQL: one
 * PostgreSQL for the whole run, a database and a nats-server for each file that asks (lab/testing/servers.ts).
 */
export default defineConfig({
  test: {
    pool: "forks",
    // Most of a system test is waiting for a server.
    maxWorkers: Math.max(2, availableParallelism()),
    // All files share a server that NATS_URL names.
    fileParallelism: !process.env["NATS_URL"],
    // Tests that go through one outage together run all at once (runtime/nats/conformance/shared-outage.ts).
    maxConcurrency: 10,
    // A busy machine is not a failure: these end what would never end, and no test finds out by them.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...elsewhere, ...systemTests, ...browserTests, ...containerTests],
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: browserTests,
          exclude: elsewhere,
          globalSetup: ["lab/testing/browser-setup.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "system",
          include: systemTests,
          exclude: [...elsewhere, ...onProcesses],
          globalSetup: ["lab/testing/global-setup.ts"],
        },
      },
      ...(isAskedFor ? [containers] : []),
    ],
  },
});
