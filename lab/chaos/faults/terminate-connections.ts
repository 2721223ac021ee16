import { setTimeout as delay } from "node:timers/promises";
import { queryOnce } from "../../servers/postgres-database.ts";
import type { Fault } from "../fault.ts";

const EVERY_MS = 700;

/** PostgreSQL ends every connection of the services, again and again. */
export const terminateConnections: Fault = {
  name: "terminate-connections",
  kind: "postgres",
  says: "pg_terminate_backend of every connection of the services, again and again",
  seconds: [3, 6],
  aim: (random) => ({ rounds: random.between(2, 5) }),
  async begin({ databaseUrl }, { rounds }) {
    let ended = 0;
    const ending = (async () => {
      for (let round = 0; round < Number(rounds); round += 1) {
        if (round > 0) await delay(EVERY_MS);
        const rows = await queryOnce(
          databaseUrl,
          "select pg_terminate_backend(pid) from pg_stat_activity where usename like 'tandem\\_%'",
        ).catch(() => []);
        ended += rows.length;
      }
    })();
    return {
      says: "connections are ended",
      async end() {
        await ending;
        return `${ended} connections were ended`;
      },
    };
  },
};
