/**
 * The metrics of one service: every name, label and label value in one place. Label values come from the
 * contract or from the closed lists below, so what a stranger sends cannot make new time series.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { RuntimeErrorCode } from "./errors.ts";
import type { RefusalReason } from "./http/admission.ts";
import type { Answered } from "./http/door.ts";
import type { PoolUse } from "./postgres/database.ts";

/** How a delivery ended: `held` counts each pause for something unavailable, the others are final for the delivery. */
export type DeliveryOutcome =
  | "applied"
  | "duplicate"
  | "retried"
  | "held"
  | "dead_lettered"
  | "unrepresentable"
  /** Kept in the database until its key comes to it. */
  | "parked"
  /** The word that a dead letter was discarded, for a durable that reads in order. */
  | "discarded";

/** How an outbox row fared. */
export type PublishOutcome = "published" | "refused";

/** State of a circuit breaker. */
export type BreakerState = "closed" | "half_open" | "open";

/** One version of an event, as labels. */
export interface EventLabels {
  /** The event's name, for example `orders.created`. */
  readonly event: string;
  readonly version: number;
}

/** Numbers that are asked for when somebody scrapes. An answer of undefined leaves the last one standing. */
export interface MetricSources {
  readonly natsConnected: () => boolean;
  readonly breakers: () => ReadonlyMap<string, BreakerState>;
  /** Every version that this process has a durable of, and whether it is reading it. */
  readonly readers: () => readonly (EventLabels & { readonly reading: boolean })[];
  /** Every version that this process has a durable of, and whether it is paused for an outage. */
  readonly pauses: () => readonly (EventLabels & { readonly paused: boolean })[];
  /** Of each event that is read in the order of its keys: how much of it waits for its turn. */
  readonly parked: () => Promise<readonly { event: string; parked: number; oldestAgeSeconds: number }[] | undefined>;
  readonly outbox: () => Promise<{ rows: number; oldestAgeSeconds: number; refused: number } | undefined>;
  readonly connections: () => readonly PoolUse[];
}

/** The metrics of one service. */
export interface Metrics {
  readonly contentType: string;
  /** Everything in the Prometheus text format. */
  render(): Promise<string>;
  delivered(labels: EventLabels, outcome: DeliveryOutcome): void;
  published(labels: EventLabels, outcome: PublishOutcome): void;
  handled(labels: EventLabels, seconds: number): void;
  deadLettered(labels: EventLabels, code: RuntimeErrorCode): void;
  /** An event that the version of the labels cannot say. */
  unrepresentable(labels: EventLabels): void;
  /** The broker was told to pause the durable of the labels, or to pause it for longer. */
  paused(labels: EventLabels): void;
  /** A request was refused before a route saw it. */
  refused(reason: RefusalReason): void;
  /** A request is over that was for none of the runtime's own paths. */
  answered(request: Answered): void;
  jobRan(job: string, outcome: "done" | "failed"): void;
  /** Says where the gauges get their numbers. */
  observe(sources: MetricSources): void;
}

const BREAKER_LEVEL: Readonly<Record<BreakerState, number>> = { closed: 0, half_open: 1, open: 2 };
/** A stranger may send any method that Node knows; those that are seldom are one series. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const HTTP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const HANDLER_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The metrics of a service; every one carries its name as the label `service`. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  let sources: MetricSources | undefined;

  const events = new Counter({
    name: "tandem_events_total",
    help: "Events read (in) and published (out), by what became of them.",
    labelNames: ["event", "version", "direction", "outcome"] as const,
    registers,
  });
  const handling = new Histogram({
    name: "tandem_handler_seconds",
    help: "One run of a handler, its transaction included.",
    labelNames: ["event", "version"] as const,
    buckets: HANDLER_BUCKETS,
    registers,
  });
  const deadLetters = new Counter({
    name: "tandem_dead_letters_total",
    help: "Messages given up, by the code of docs/errors.md.",
    labelNames: ["event", "version", "code"] as const,
    registers,
  });
  const unrepresentable = new Counter({
    name: "tandem_unrepresentable_total",
    help: "Events that a version cannot say: published without it, or passed over by a reader of it.",
    labelNames: ["event", "version"] as const,
    registers,
  });
  const pauses = new Counter({
    name: "tandem_pauses_total",
    help: "Times that this process had the broker pause a durable, or pause it for longer.",
    labelNames: ["event", "version"] as const,
    registers,
  });
  const jobs = new Counter({
    name: "tandem_jobs_total",
    help: "Runs of periodic jobs.",
    // Not `job`: Prometheus has a label of that name on everything, and would rename ours.
    labelNames: ["job_name", "outcome"] as const,
    registers,
  });
  const refusals = new Counter({
    name: "tandem_http_refused_total",
    help: "Requests refused before a route saw them, by why.",
    labelNames: ["reason"] as const,
    registers,
  });
  const requests = new Histogram({
    name: "tandem_http_seconds",
    help: "Requests for the service's own routes, from their headers to the end of the answer.",
    labelNames: ["method", "status"] as const,
    buckets: HTTP_BUCKETS,
    registers,
  });
  // Three gauges, one query a scrape: whichever is collected first asks, the others share its answer.
  let asked: ReturnType<MetricSources["outbox"]> | undefined;
  const backlog = async () => {
    asked ??= sources?.outbox().finally(() => {
      asked = undefined;
    });
    return asked;
  };
  new Gauge({
    name: "tandem_outbox_rows",
    help: "Rows of the outbox that are not on their stream; counted up to 10000.",
    registers,
    async collect() {
      const known = await backlog();
      if (known) this.set(known.rows);
    },
  });
  new Gauge({
    name: "tandem_outbox_refused_rows",
    help: "Rows of the outbox that the broker refused and that are tried again later.",
    registers,
    async collect() {
      const known = await backlog();
      if (known) this.set(known.refused);
    },
  });
  new Gauge({
    name: "tandem_outbox_oldest_age_seconds",
    help: "Age of the oldest row of the outbox that is not on its stream.",
    registers,
    async collect() {
      const known = await backlog();
      if (known) this.set(known.oldestAgeSeconds);
    },
  });
  new Gauge({
    name: "tandem_parked_events",
    help: "Events that wait for the turn of their key, behind a dead letter or before their predecessor; counted up to 10000.",
    labelNames: ["event"] as const,
    registers,
    async collect() {
      for (const { event, parked } of (await sources?.parked()) ?? []) this.set({ event }, parked);
    },
  });
  new Gauge({
    name: "tandem_nats_connected",
    help: "1 while connected to NATS, else 0.",
    registers,
    collect() {
      this.set(sources?.natsConnected() === true ? 1 : 0);
    },
  });
  new Gauge({
    name: "tandem_reading",
    help: "1 while this process reads a version of an event, 0 while it waits for its durable or its server.",
    labelNames: ["event", "version"] as const,
    registers,
    collect() {
      for (const { event, version, reading } of sources?.readers() ?? []) this.set({ event, version }, reading ? 1 : 0);
    },
  });
  new Gauge({
    name: "tandem_paused",
    help: "1 while this process waits with a version of an event for the end of an outage, else 0.",
    labelNames: ["event", "version"] as const,
    registers,
    collect() {
      for (const { event, version, paused } of sources?.pauses() ?? []) this.set({ event, version }, paused ? 1 : 0);
    },
  });
  new Gauge({
    name: "tandem_dependency_state",
    help: "Circuit breaker of a dependency: 0 closed, 1 half open, 2 open.",
    labelNames: ["dependency"] as const,
    registers,
    collect() {
      for (const [dependency, state] of sources?.breakers() ?? []) this.set({ dependency }, BREAKER_LEVEL[state]);
    },
  });

  // As they were before the gauges above sent their queries, which use them too.
  let pools: ReturnType<MetricSources["connections"]> = [];
  new Gauge({
    name: "tandem_database_connections",
    help: "Connections to PostgreSQL, by pool and by whether somebody uses them.",
    labelNames: ["pool", "state"] as const,
    registers,
    collect() {
      for (const { pool, used, idle } of pools) {
        this.set({ pool, state: "used" }, used);
        this.set({ pool, state: "idle" }, idle);
      }
    },
  });
  new Gauge({
    name: "tandem_database_waiting",
    help: "How many wait for a connection to PostgreSQL.",
    labelNames: ["pool"] as const,
    registers,
    collect() {
      for (const { pool, waiting } of pools) this.set({ pool }, waiting);
    },
  });

  return {
    contentType: registry.contentType,
    render: async () => {
      pools = sources?.connections() ?? [];
      return registry.metrics();
    },
    delivered: ({ event, version }, outcome) => events.inc({ event, version, direction: "in", outcome }),
    published: ({ event, version }, outcome) => events.inc({ event, version, direction: "out", outcome }),
    handled: ({ event, version }, seconds) => handling.observe({ event, version }, seconds),
    deadLettered: ({ event, version }, code) => deadLetters.inc({ event, version, code }),
    unrepresentable: ({ event, version }) => unrepresentable.inc({ event, version }),
    paused: ({ event, version }) => pauses.inc({ event, version }),
    refused: (reason) => refusals.inc({ reason }),
    answered: ({ method, status, seconds }) =>
      requests.observe({ method: METHODS.has(method) ? method : "other", status: status ?? "none" }, seconds),
    jobRan: (job, outcome) => jobs.inc({ job_name: job, outcome }),
    observe: (given) => {
      sources = given;
    },
  };
}
