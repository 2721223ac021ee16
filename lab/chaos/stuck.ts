/** Everything that tells why a fleet does not come to rest, for somebody who looks at it later. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { servicesOf } from "../../ops/topology.ts";
import { queryOnce } from "../servers/postgres-database.ts";
import type { Fleet } from "./fleet/fleet.ts";
import { reasonOf } from "../servers/lab-error.ts";

const ROWS = 50;

/** Writes `stuck-<when>.json` into a folder: streams, durables, outboxes, inboxes, leases, connections, health. */
export async function dumpStuck(fleet: Fleet, directory: string, when: string): Promise<string> {
  const { topology, databaseUrl, replicas, cluster, withAdmin } = fleet;
  const services = servicesOf(topology);
  const rows = async (sql: string) => queryOnce(databaseUrl, sql).catch(reasonOf);
  const perService = async (sql: (schema: string) => string): Promise<Readonly<Record<string, unknown>>> => {
    const found: Record<string, unknown> = {};
    for (const service of services) found[service] = await rows(sql(`"${service}"`));
    return found;
  };
  const dump = {
    streams: await withAdmin(async (admin) => admin.streams()).catch(reasonOf),
    durables: await withAdmin(async (admin) =>
      (await Promise.all(topology.streams.map(async ({ name }) => admin.durables(name)))).flat(),
    ).catch(reasonOf),
    nodes: await Promise.all(cluster.nodes.map(async ({ monitoringUrl }) => answerOf(`${monitoringUrl}/jsz`))),
    outbox: await perService((schema) => `select * from ${schema}.tandem_outbox order by id limit ${ROWS}`),
    inbox: await perService(
      (schema) => `select event, count(*), max(applied_at) as latest from ${schema}.tandem_inbox group by event`,
    ),
    attempts: await perService((schema) => `select * from ${schema}.tandem_attempts limit ${ROWS}`),
    leases: await perService((schema) => `select * from ${schema}.tandem_leases`),
    orders: await rows(`select * from "order".orders where stage in ('accepted', 'payable') limit ${ROWS}`),
    connections: await rows(
      `select pid, usename, application_name, state, wait_event_type, wait_event, xact_start, query_start, query
         from pg_stat_activity where usename like 'tandem\\_%' order by xact_start`,
    ),
    health: await Promise.all(
      replicas.map(async ({ name, url, pid }) => ({ name, pid, health: await answerOf(`${url}/health`) })),
    ),
  };
  const file = join(directory, `stuck-${when}.json`);
  await writeFile(file, JSON.stringify(dump, null, 2));
  return file;
}

async function answerOf(url: string): Promise<unknown> {
  try {
    return await (await fetch(url, { signal: AbortSignal.timeout(3_000) })).json();
  } catch (error) {
    return reasonOf(error);
  }
}
