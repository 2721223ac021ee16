/** Whether a service can do its work, and why not. */
import type { Broker, ConnectionState, Subscription } from "../broker.ts";
import type { Dependency } from "../dependency.ts";
import { oneLine } from "../events/one-line.ts";
import type { Queryable } from "../postgres/database.ts";
import { wordsOf } from "../words-of.ts";
import { redactText } from "../redaction/redact.ts";
import { LATE, within } from "../within.ts";

/** Where a service is in its life. */
export type Phase = "starting" | "running" | "stopping";

/** What readiness is made of. */
export interface HealthSources {
  readonly service: string;
  readonly phase: () => Phase;
  /** What start-up waits for, in words. */
  readonly waitingFor: () => string | undefined;
  readonly broker: Broker;
  readonly database: Queryable;
  readonly subscriptions: () => ReadonlyMap<string, Subscription>;
  readonly dependencies: readonly Dependency[];
}

/** A dependency that is down. Times in ISO 8601. */
interface Outage {
  readonly dependency: string;
  readonly since: string;
  readonly until: string;
  readonly reason: string | undefined;
}

/** The answer of `/health/ready`. */
export interface HealthReport {
  readonly ready: boolean;
  readonly body: {
    readonly service: string;
    readonly status: "ready" | "degraded" | "not ready";
    /** Why it is not ready, or not as good as it could be; empty when all is well. */
    readonly reasons: readonly string[];
    readonly nats: string;
    readonly database: string;
    readonly dependencies: Readonly<Record<string, string>>;
    /** Dependencies whose breaker is open: since when, when they are tried next, and why. */
    readonly outages: readonly Outage[];
  };
}

const DATABASE_TIMEOUT_MS = 1_500;
const DATABASE_CACHE_MS = 1_000;

/**
 * A function that answers how the service is. Ready means running, connected to NATS, the database
 * answering and every durable being read. An open breaker degrades: the service still takes events, and
 * keeps those in hand that need the dependency.
 */
export function createHealth(sources: HealthSources): () => Promise<HealthReport> {
  const database = cachedFor(DATABASE_CACHE_MS, async () => databaseProblem(sources.database));
  return async () => {
    const databaseReason = await database();
    const natsReason = natsProblem(sources.broker.state);
    const phase = sources.phase();
    const reasons = [
      ...(phase === "running"
        ? []
        : [phase === "starting" ? startingReason(sources.waitingFor()) : "the service is stopping"]),
      ...(natsReason === undefined ? [] : [natsReason]),
      ...(databaseReason === undefined ? [] : [databaseReason]),
      ...[...sources.subscriptions()].flatMap(([durable, { problem }]) =>
        problem === undefined ? [] : [`${durable}: ${problem}`],
      ),
    ];
    const down = sources.dependencies.filter(({ state }) => state !== "closed");
    const degraded = down.map(degradedReason);
    const ready = reasons.length === 0;
    return {
      ready,
      body: {
        service: sources.service,
        status: ready ? (degraded.length === 0 ? "ready" : "degraded") : "not ready",
        reasons: [...reasons, ...degraded].map(redactText),
        nats: redactText(natsReason ?? "connected"),
        database: redactText(databaseReason ?? "answers"),
        dependencies: Object.fromEntries(sources.dependencies.map(({ name, state }) => [name, state])),
        outages: down.map(outageOf),
      },
    };
  };
}

function startingReason(waitingFor: string | undefined): string {
  return waitingFor === undefined ? "the service is starting" : `the service is starting and waits: ${waitingFor}`;
}

function natsProblem(state: ConnectionState): string | undefined {
  const why = state.kind === "connected" || state.lastError === undefined ? "" : `: ${oneLine(state.lastError, 200)}`;
  switch (state.kind) {
    case "connected":
      return undefined;
    case "connecting":
      return `NATS is not connected yet, attempt ${state.attempt}${why}`;
    case "disconnected":
      return `NATS is disconnected since ${new Date(state.since).toISOString()}${why}`;
    case "closed":
      return `the connection to NATS is closed${why}`;
  }
}

async function databaseProblem(database: Queryable): Promise<string | undefined> {
  try {
    const answer = await within(DATABASE_TIMEOUT_MS, database.query("select 1"));
    return answer === LATE ? `PostgreSQL did not answer within ${DATABASE_TIMEOUT_MS} ms` : undefined;
  } catch (error) {
    return `PostgreSQL does not answer: ${oneLine(wordsOf(error), 200)}`;
  }
}

function degradedReason(dependency: Dependency): string {
  const { name, state } = dependency;
  const { since, until, reason } = outageOf(dependency);
  const how = state === "open" ? `left alone since ${since}, until ${until}` : `being tried again, down since ${since}`;
  return `${name} is ${how}${reason === undefined ? "" : `: ${reason}`}`;
}

function outageOf({ name, breaker: { since, until, lastFailure } }: Dependency): Outage {
  return {
    dependency: name,
    since: new Date(since).toISOString(),
    until: new Date(until).toISOString(),
    reason: lastFailure === undefined ? undefined : oneLine(redactText(lastFailure), 200),
  };
}

/** The same answer for everybody who asks within a time: probes must not become a load. */
function cachedFor<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let until = 0;
  return async () => {
    if (answer === undefined || Date.now() > until) {
      answer = ask();
      until = Date.now() + ms;
    }
    return answer;
  };
}
