/** Asks the servers what they are configured to do. */
import { openAdmin, readDatabaseDurability } from "@tandem/runtime/admin";
import { TandemError } from "@tandem/runtime";
import { OpsError } from "../error.ts";
import type { Topology } from "../topology.ts";
import type { Facts, Syncing } from "./facts.ts";

/** Whom to ask. */
export interface Sources {
  readonly natsUrl: string;
  /** The monitoring address of a NATS server, such as `http://127.0.0.1:8222`; without it the disk's part is unknown. */
  readonly monitorUrl: string | undefined;
  readonly databaseUrl: string | undefined;
}

/** Somebody waits at a terminal. */
const ANSWER_MS = 3_000;

/**
 * The facts, as far as the servers answer: a broker that does not is a fact too.
 * @throws OpsError when the monitoring address does not answer; TandemError when the database does not
 */
export async function collectFacts(topology: Topology, { natsUrl, monitorUrl, databaseUrl }: Sources): Promise<Facts> {
  const [broker, syncing, database] = await Promise.all([
    askBroker(topology, natsUrl),
    monitorUrl === undefined ? ({ kind: "unknown" } as const) : askMonitor(monitorUrl),
    databaseUrl === undefined ? undefined : readDatabaseDurability(databaseUrl),
  ]);
  return { topology, ...broker, syncing, database };
}

async function askBroker(
  topology: Topology,
  natsUrl: string,
): Promise<Pick<Facts, "server" | "streams" | "missingDurables">> {
  try {
    const admin = await openAdmin({ servers: natsUrl.split(","), name: "tandem promises", deadlineMs: ANSWER_MS });
    try {
      const streams = Object.fromEntries((await admin.streams()).map(({ name, settings }) => [name, settings]));
      const durables = new Set<string>();
      const read = [...topology.streams, ...(topology.otherStreams ?? [])];
      for (const { name } of read.filter((stream) => streams[stream.name] !== undefined)) {
        for (const durable of await admin.durables(name)) durables.add(`${name}/${durable.name}`);
      }
      const wanted = topology.consumers.map(({ stream, durable }) => `${stream}/${durable}`);
      return {
        server: admin.server.address,
        streams,
        missingDurables: wanted.filter((name) => !durables.has(name)),
      };
    } finally {
      await admin.close();
    }
  } catch (error) {
    if (!(error instanceof TandemError && error.code === "BROKER_UNREACHABLE")) throw error;
    return { server: undefined, streams: {}, missingDurables: [] };
  }
}

async function askMonitor(url: string): Promise<Syncing> {
  const address = new URL("/varz", url);
  let answer: unknown;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(ANSWER_MS) });
    answer = await response.json();
  } catch (cause) {
    throw new OpsError(`${address.href} gives no answer of a NATS server's monitoring port.`, { cause });
  }
  const config = member(member(answer, "jetstream"), "config");
  if (member(config, "sync_always") === true) return { kind: "always" };
  const nanoseconds = member(config, "sync_interval");
  return typeof nanoseconds === "number" ? { kind: "every", ms: nanoseconds / 1_000_000 } : { kind: "unknown" };
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
