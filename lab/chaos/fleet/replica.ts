/** One replica of a service: a member of the fleet with links and a clock of its own. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openLinks, type End, type Links, type ServerPorts } from "./links.ts";
import { Member, type MemberEvents } from "./member.ts";
import type { LinkState } from "./tcp-proxy.ts";

export interface ReplicaOptions {
  readonly service: string;
  /** From 1 on. */
  readonly index: number;
  /** Of the service's own role, at the server's own port. */
  readonly databaseUrl: string;
  /** For logs. */
  readonly directory: string;
  /** What every process of the fleet is given. */
  readonly env: Readonly<Record<string, string>>;
}

/** Longer than any fault but those that last over an ack wait; short enough to be waited for at the end. */
const DEADLINE_SECONDS = 40;

const CLOCK = new URL("clock.ts", import.meta.url).href;

/** What every service is told. The breaker tries sooner than in production: a run is short. */
const SETTINGS = {
  HTTP_PORT: "0",
  ATOMIC_BATCHES: "on",
  ORDER_DEADLINE: String(DEADLINE_SECONDS),
  GATEWAY_TIMEOUT: "1000",
  GATEWAY_HALF_OPEN_AFTER: "2000",
};

export class Replica extends Member {
  readonly service: string;
  readonly index: number;
  /** Where its log goes. */
  readonly logFile: string;
  readonly #links: Links;
  readonly #clockFile: string;

  constructor(options: ReplicaOptions, links: Links, events: MemberEvents) {
    const { service, index, databaseUrl, directory } = options;
    const name = `${service}-${index}`;
    const logFile = join(directory, `${name}.log`);
    const clockFile = join(directory, `${name}.clock`);
    const env = {
      ...options.env,
      ...SETTINGS,
      NATS_URL: links.natsUrl,
      DATABASE_URL: links.databaseUrl(databaseUrl),
      GATEWAY_URL: links.gatewayUrl,
      TANDEM_CHAOS_CLOCK: clockFile,
      NODE_OPTIONS: `--import=${CLOCK}`,
    };
    super({ name, file: `services/${service}/main.ts`, logFile, env }, events);
    this.service = service;
    this.index = index;
    this.logFile = logFile;
    this.#links = links;
    this.#clockFile = clockFile;
  }

  link(end: End, state: LinkState): void {
    this.#links.set(end, state);
  }

  /** Sets its clock off the machine's by so many milliseconds. The next life has the machine's again. */
  setClock(offMs: number): void {
    writeFileSync(this.#clockFile, String(offMs));
    this.signal("SIGUSR2");
  }

  /** Closes its links. */
  close(): Promise<void> {
    return this.#links.close();
  }
}

/** Opens the links of a replica, and starts it. */
export async function startReplica(
  options: ReplicaOptions,
  ports: ServerPorts,
  events: MemberEvents,
): Promise<Replica> {
  return new Replica(options, await openLinks(ports), events);
}
