/** The state of a system as one screen of text. */
import type { StreamPeer } from "@tandem/runtime/admin";
import { difference, policyText } from "../provision/difference.ts";
import type { FieldChange } from "../provision/plan.ts";
import type { OutboxState, ParkedState } from "./database-state.ts";
import type { DurableState, SystemState } from "./system-state.ts";

/** Lines for a terminal. */
export function statusText({ at, server, streams, durables, outboxes, parked, deadLetters }: SystemState): string {
  const { address, version, cluster } = server;
  const byPriority = durables.some(({ priority }) => priority !== null);
  return [
    `${address}  nats-server ${version}${cluster === null ? "" : `  cluster ${cluster}`}  ${at}`,
    "",
    ...table(
      ["stream", "messages", "bytes", "sequences", "servers", ""],
      streams.map(({ stream, exists, messages, bytes, firstSequence, lastSequence, peers }) =>
        exists
          ? [stream, messages, bytes, `${firstSequence} to ${lastSequence}`, peers.length || "", behindOf(peers)]
          : [stream, "missing", "", "", "", ""],
      ),
    ),
    "",
    ...table(
      ["durable", "pending", "in hand", "redelivered", "readers wait", ...(byPriority ? ["priority"] : []), ""],
      durables.map((durable) => [
        durable.durable,
        durable.pending,
        durable.ackPending,
        durable.redelivered,
        durable.waitingPulls,
        ...(byPriority ? [durable.priority === null ? "" : policyText(durable.priority)] : []),
        noteOf(durable),
      ]),
    ),
    "",
    ...(outboxes === undefined
      ? ["outboxes: set DATABASE_URL to see them"]
      : table(["outbox", "waiting", "oldest", "refused"], outboxes.map(outboxLine))),
    "",
    ...(parked === undefined || parked.length === 0
      ? []
      : [...table(["parked behind others of their key", "event", "waiting", "oldest"], parked.map(parkedLine)), ""]),
    ...(deadLetters.length === 0
      ? ["no dead letters"]
      : table(
          ["dead letters of", "event", ""],
          deadLetters.map(({ service, channel, version: of, letters }) => [service, `${channel} ${of}`, letters]),
        )),
  ].join("\n");
}

function behindOf(peers: readonly StreamPeer[]): string {
  const behind = peers.filter(({ current }) => !current).map(({ server }) => server);
  return behind.length === 0 ? "" : `away or behind: ${behind.join(", ")}`;
}

function noteOf({ exists, pausedUntil, exhausted, waitingPulls, ackPending, differs }: DurableState): string {
  if (!exists) return "missing: run tandem provision";
  const notes = [
    ...(pausedUntil === null ? [] : [`paused until ${pausedUntil}`]),
    ...(exhausted ? ["deliveries used up?"] : []),
    ...(waitingPulls === 0 && ackPending === 0 ? ["nobody reads"] : []),
    ...(differs.length === 0
      ? []
      : [`not as the contract says (${differs.map(inWords).join("; ")}): tandem provision`]),
  ];
  return notes.join(", ");
}

function inWords(field: FieldChange): string {
  return `${field.field}: ${difference(field)}`;
}

function outboxLine({ service, rows, oldestAgeSeconds, refused, problem }: OutboxState): readonly Cell[] {
  if (problem !== undefined) return [service, problem, "", ""];
  return [service, rows ?? 0, `${Math.round(oldestAgeSeconds ?? 0)} s`, refused ?? 0];
}

function parkedLine({ service, event, parked, oldestAgeSeconds, problem }: ParkedState): readonly Cell[] {
  if (problem !== undefined) return [service, event, problem, ""];
  return [service, event, parked ?? 0, `${Math.round(oldestAgeSeconds ?? 0)} s`];
}

type Cell = string | number;

function table(head: readonly Cell[], rows: readonly (readonly Cell[])[]): readonly string[] {
  const lines = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
