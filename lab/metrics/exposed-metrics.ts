/** Every metric that a process of the system exposes, with the labels that its series really have. */
import { createStewardMetrics } from "../../ops/steward/metrics.ts";
import { createVerifyMetrics } from "../../ops/verify/metrics.ts";
import { createMetrics } from "../../runtime/metrics.ts";

/** One metric. */
export interface ExposedMetric {
  readonly kind: string;
  readonly labels: ReadonlySet<string>;
}

/** What Prometheus adds to every series. */
export const TARGET_LABELS: readonly string[] = ["instance", "job"];

const AT = new Date(0).toISOString();
const EVENT = { event: "things.made", version: 1 };

/**
 * Metrics by the names that a query uses: a histogram is its `_bucket`, `_count` and `_sum`. They are those of a
 * service, a steward and a verification that did everything once.
 *
 * @throws an error when one has a label that Prometheus would rename, since it has one of that name itself
 */
export async function exposedMetrics(): Promise<ReadonlyMap<string, ExposedMetric>> {
  const found = new Map<string, ExposedMetric>([["up", { kind: "gauge", labels: new Set(TARGET_LABELS) }]]);
  for (const text of await Promise.all([service(), steward(), verification()])) {
    const kinds = new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = "", kind = ""]) => [name, kind]));
    for (const [, name = "", labels = ""] of text.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
      const kind = kinds.get(name) ?? kinds.get(name.replace(/_(?:bucket|count|sum)$/, "")) ?? "unknown";
      const known = found.get(name)?.labels ?? TARGET_LABELS;
      const own = [...labels.matchAll(/(\w+)="/g)].map(([, label = ""]) => label);
      const taken = own.find((label) => TARGET_LABELS.includes(label));
      if (taken !== undefined) throw new Error(`${name} has a label ${taken}, which Prometheus would rename`);
      found.set(name, { kind, labels: new Set([...known, ...own]) });
    }
  }
  return found;
}

async function service(): Promise<string> {
  const metrics = createMetrics("maker");
  metrics.delivered(EVENT, "applied");
  metrics.published(EVENT, "published");
  metrics.handled(EVENT, 1);
  metrics.deadLettered(EVENT, "PERMANENT");
  metrics.unrepresentable(EVENT);
  metrics.paused(EVENT);
  metrics.refused("busy");
  metrics.answered({ method: "GET", status: 200, seconds: 1 });
  metrics.jobRan("sweep", "done");
  metrics.observe({
    natsConnected: () => true,
    breakers: () => new Map([["gateway", "open"]]),
    readers: () => [{ ...EVENT, reading: true }],
    pauses: () => [{ ...EVENT, paused: true }],
    parked: async () => [{ event: EVENT.event, parked: 1, oldestAgeSeconds: 1 }],
    outbox: async () => ({ rows: 1, oldestAgeSeconds: 1, refused: 1 }),
    connections: () => [{ pool: "work", used: 1, idle: 1, waiting: 1 }],
  });
  return metrics.render();
}

async function steward(): Promise<string> {
  const metrics = createStewardMetrics();
  const place = { stream: "THINGS", durable: "taker-thingMade-v1" };
  const kind = { service: "taker", channel: "thingMade", version: "v1", letters: 1 };
  metrics.connected(true);
  metrics.advisory("dead_lettered");
  metrics.ran("retention", "done");
  metrics.lettersCounted([kind]);
  metrics.reconciled({
    ...{ stream: place.stream, kind: "full", lastSequence: 1, range: { from: 1, to: 1 }, messages: 1, rows: 1 },
    ...{ found: 1, mended: 1, missing: 1, ghosts: [{ subject: "things.made.v1", count: 1, sequences: [1] }] },
  });
  const counts = { pending: 1, ackPending: 1, redelivered: 1, waitingPulls: 1, pausedUntil: AT, exhausted: true };
  const extent = { messages: 1, bytes: 1, firstSequence: 1, lastSequence: 1 };
  metrics.see({
    at: AT,
    server: { address: "", version: "", cluster: null },
    streams: [{ ...extent, stream: place.stream, exists: true, peers: [{ server: "nats-1", current: true }] }],
    durables: [{ ...place, ...EVENT, service: "taker", exists: true, ...counts, priority: null, differs: [] }],
    outboxes: [{ service: "maker", rows: 1, oldestAgeSeconds: 1 }],
    parked: [{ service: "taker", event: EVENT.event, parked: 1, oldestAgeSeconds: 1 }],
    deadLetters: [kind],
  });
  return metrics.render();
}

async function verification(): Promise<string> {
  const metrics = createVerifyMetrics();
  const counts = { checked: 1, inFlight: 0, notJudged: 0, violations: 0 };
  const verdict = { invariant: "I5", by: "tandem", says: "", ...counts, examples: [] };
  metrics.verified({ at: AT, contract: "", holds: true, verdicts: [verdict] });
  return metrics.render();
}
