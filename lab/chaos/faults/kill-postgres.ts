import type { Fault } from "../fault.ts";

/** SIGKILL of PostgreSQL with all its backends; started again, it recovers from its log. */
export const killPostgres: Fault = {
  name: "kill-postgres",
  kind: "postgres",
  says: "SIGKILL of PostgreSQL and all its backends, started again at the end",
  seconds: [3, 7],
  aim: () => ({}),
  async begin({ postgres }) {
    await postgres.kill();
    return { says: "PostgreSQL is gone", end: () => postgres.restart() };
  },
};
