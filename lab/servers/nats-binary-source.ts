import type { ProgramSource } from "./program-source.ts";
import { runCommand } from "./run-command.ts";
import { isAtLeast, MINIMUM_NATS_VERSION, parseVersion } from "./server-version.ts";

/** A nats-server that was run once and is new enough. */
export interface NatsBinary {
  readonly path: string;
  /** For example `2.15.0`. */
  readonly version: string;
}

/** One place that a nats-server can come from. */
export type NatsSource = ProgramSource<NatsBinary>;

/** Runs `nats-server --version`, and rejects when that fails or the answer is older than the minimum. */
export async function checkNatsBinary(path: string): Promise<NatsBinary> {
  const answer = await runCommand(path, ["--version"]);
  const version = answer.startsWith("nats-server") ? parseVersion(answer) : undefined;
  if (version === undefined)
    throw new Error(`${path} is no nats-server: to --version it says "${answer.trim().split("\n")[0]}"`);
  const text = /\d+\.\d+\.\d+\S*/.exec(answer)?.[0] ?? version.join(".");
  if (!isAtLeast(answer, MINIMUM_NATS_VERSION)) {
    throw new Error(`${path} is ${text}, and ${MINIMUM_NATS_VERSION} or newer is needed`);
  }
  return { path, version: text };
}
