import { childrenOf, signalQuietly } from "../../servers/processes.ts";
import type { Fault } from "../fault.ts";

/** SIGSTOP of PostgreSQL with all its backends: connections stay, and nothing answers. */
export const freezePostgres: Fault = {
  name: "freeze-postgres",
  kind: "postgres",
  says: "SIGSTOP of PostgreSQL and all its backends, SIGCONT at the end",
  seconds: [5, 9],
  aim: () => ({}),
  async begin({ postgres, keep }) {
    // The parent first: it starts no more while they are counted.
    signalQuietly(postgres.pid, "SIGSTOP");
    const pids = [postgres.pid, ...(await childrenOf(postgres.pid))];
    for (const pid of pids) {
      keep(pid);
      signalQuietly(pid, "SIGSTOP");
    }
    return {
      says: `PostgreSQL stands still, ${pids.length} processes`,
      async end() {
        for (const pid of pids.toReversed()) signalQuietly(pid, "SIGCONT");
      },
    };
  },
};
