/** The metrics of a steward: what it did, and what it sees of the system. Names and labels are in docs/metrics.md. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from "@tandem/runtime/admin";
import type { SystemState } from "../status/system-state.ts";
import type { AdvisoryOutcome } from "./give-up.ts";
import type { OpenLetters } from "./open-letters.ts";
import type { Reconciled } from "./reconcile/reconciled.ts";

/** A part of the steward's work. */
export type Part = "advisories" | "retention" | "reconciler" | "letters";

/** The metrics of one steward. */
export interface StewardMetrics {
  readonly contentType: string;
  /** Everything in the Prometheus text format. */
  render(): Promise<string>;
  advisory(outcome: AdvisoryOutcome): void;
  reconciled(result: Reconciled): void;
  /** Shows a count instead of the one before. */
  lettersCounted(open: readonly OpenLetters[]): void;
  ran(part: Part, outcome: "done" | "failed"): void;
  see(state: SystemState): void;
  connected(connected: boolean): void;
}

/** Makes the metrics. Label values come from the contract and from the names of servers, so what a stranger sends cannot make new time series. */
export function createStewardMetrics(): StewardMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const gauge = <const Label extends string>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name: `tandem_steward_${name}`, help, labelNames, registers });
  const counter = <const Label extends string>(name: string, help: string, ...labelNames: Label[]): Counter<Label> =>
    new Counter({ name: `tandem_steward_${name}`, help, labelNames, registers });

  const connected = gauge("nats_connected", "1 while connected to NATS, else 0.");
  const advisories = counter(
    "advisories_total",
    "Messages that the server gave up, by what became of them.",
    "outcome",
  );
  const runs = counter("runs_total", "Runs of a part of the steward.", "part", "outcome");
  const lastRun = gauge("last_run_timestamp_seconds", "When a part of the steward last did its work.", "part");
  const mended = counter("mended_total", "Messages that a stream had lost and that were published again.", "stream");
  const found = counter("found_total", "Messages that were elsewhere in their stream than their row said.", "stream");
  const missing = gauge("missing_messages", "Published messages that are not on the stream, after mending.", "stream");
  const ghosts = gauge("ghost_messages", "Messages on the stream that no service published.", "stream", "subject");
  const outboxRows = gauge("outbox_rows", "Rows that wait in the outbox; counted up to 10000.", "service");
  const outboxAge = gauge("outbox_oldest_age_seconds", "Age of the oldest of them.", "service");
  const parked = gauge(
    "parked_events",
    "Events that wait for the turn of their key; counted up to 10000.",
    "service",
    "event",
  );
  const parkedAge = gauge("parked_oldest_age_seconds", "Age of the oldest of them.", "service", "event");
  const letters = gauge("dead_letters", "Dead letters on their stream.", "service", "channel", "version");
  const openLetters = gauge(
    "open_dead_letters",
    "Dead letters that were neither replayed nor discarded.",
    "service",
    "channel",
    "version",
  );
  const peers = gauge(
    "stream_peer_current",
    "1 while a server that stores the stream runs and has all of it.",
    "stream",
    "server",
  );
  const durable = ["stream", "durable"] as const;
  const pending = gauge("durable_pending", "Messages that were not delivered yet.", ...durable);
  const ackPending = gauge("durable_ack_pending", "Messages that were delivered and not settled.", ...durable);
  const redelivered = gauge("durable_redelivered", "Messages that were delivered more than once.", ...durable);
  const readers = gauge("durable_waiting_pulls", "Pulls that wait: above 0, somebody reads.", ...durable);
  const paused = gauge("durable_paused_until_seconds", "Until when it is paused; 0 when it is not.", ...durable);
  const exhausted = gauge("durable_exhausted", "1 while messages were redelivered and nobody has any.", ...durable);

  const seeDurables = (state: SystemState): void => {
    for (const { stream, durable: name, pausedUntil, ...seen } of state.durables) {
      const labels = { stream, durable: name };
      pending.set(labels, seen.pending);
      ackPending.set(labels, seen.ackPending);
      redelivered.set(labels, seen.redelivered);
      readers.set(labels, seen.waitingPulls);
      paused.set(labels, pausedUntil === null ? 0 : Date.parse(pausedUntil) / 1000);
      exhausted.set(labels, seen.exhausted ? 1 : 0);
    }
  };
  // By stream, then by subject.
  const seenGhosts = new Map<string, Map<string, number>>();

  return {
    contentType: registry.contentType,
    render: async () => registry.metrics(),
    advisory: (outcome) => advisories.inc({ outcome }),
    reconciled: (result) => {
      const { stream, kind } = result;
      mended.inc({ stream }, result.mended);
      found.inc({ stream }, result.found);
      // A full walk counts everything; one over the newest part cannot take back what lies before it.
      const counted = new Map(kind === "full" ? [] : seenGhosts.get(stream));
      if (kind === "full" || result.missing > 0) missing.set({ stream }, result.missing);
      for (const subject of seenGhosts.get(stream)?.keys() ?? []) ghosts.set({ stream, subject }, 0);
      for (const { subject, count } of result.ghosts) counted.set(subject, (counted.get(subject) ?? 0) + count);
      for (const [subject, count] of counted) ghosts.set({ stream, subject }, count);
      seenGhosts.set(stream, counted);
    },
    lettersCounted: (open) => {
      openLetters.reset();
      for (const { letters: count, ...labels } of open) openLetters.set(labels, count);
    },
    ran: (part, outcome) => {
      runs.inc({ part, outcome });
      if (outcome === "done") lastRun.setToCurrentTime({ part });
    },
    see: (state) => {
      peers.reset();
      for (const { stream, peers: seen } of state.streams) {
        for (const { server, current } of seen) peers.set({ stream, server }, current ? 1 : 0);
      }
      for (const { service, rows, oldestAgeSeconds } of state.outboxes ?? []) {
        if (rows !== undefined) outboxRows.set({ service }, rows);
        if (oldestAgeSeconds !== undefined) outboxAge.set({ service }, oldestAgeSeconds);
      }
      for (const { service, event, parked: count, oldestAgeSeconds } of state.parked ?? []) {
        if (count !== undefined) parked.set({ service, event }, count);
        if (oldestAgeSeconds !== undefined) parkedAge.set({ service, event }, oldestAgeSeconds);
      }
      letters.reset();
      for (const { service, channel, version, letters: count } of state.deadLetters) {
        letters.set({ service, channel, version }, count);
      }
      seeDurables(state);
    },
    connected: (is) => connected.set(is ? 1 : 0),
  };
}
