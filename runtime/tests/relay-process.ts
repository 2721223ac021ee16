/** Relays as processes of their own, which tests kill. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";

const main = fileURLToPath(new URL("relay-main.ts", import.meta.url));

/** Starts one. It is killed when the test is over, if it has not killed itself by then. */
export function startRelayProcess(env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env["PATH"], ...env }, stdio: "inherit" });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

/** Runs one until it has killed itself. */
export async function relayUntilKilled(env: Readonly<Record<string, string>>): Promise<void> {
  const [, signal] = await once(startRelayProcess(env), "exit");
  expect(signal).toBe("SIGKILL");
}
