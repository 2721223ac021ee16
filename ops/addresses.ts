/** Where a running system is, as the environment of a command says it. An empty variable counts as not set. */
import type { Surroundings } from "./command.ts";
import { OpsError } from "./error.ts";

type Env = Surroundings["env"];

const DEFAULT_NATS_URL = "nats://127.0.0.1:4222";

/** `NATS_URL`: one address, or several with commas between. */
export function natsUrlOf(env: Env): string {
  return env["NATS_URL"] || DEFAULT_NATS_URL;
}

/** The addresses of `NATS_URL`, one by one. */
export function natsServersOf(env: Env): readonly string[] {
  return natsUrlOf(env).split(",");
}

/** `DATABASE_URL`; undefined when no database was named. */
export function databaseUrlOf(env: Env): string | undefined {
  return env["DATABASE_URL"] || undefined;
}

/**
 * `DATABASE_URL`, of a command that does nothing without one.
 *
 * @param what what it finds there, which ends the sentence: `the books are there`
 * @throws OpsError when no database was named
 */
export function neededDatabaseUrl(env: Env, what: string): string {
  const url = databaseUrlOf(env);
  if (url === undefined) throw new OpsError(`Set DATABASE_URL to the services' database: ${what}.`);
  return url;
}
