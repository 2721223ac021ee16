/** The status of events as text for a person. */
import { reasonLines } from "./reason-lines.ts";
import type { Reader } from "./observe.ts";
import type { EventStatus, Status, VersionStatus } from "./status.ts";
import { ago, rate, span } from "./words.ts";

export function statusText({ at, events, unknown }: Status): string {
  const blocks = events.map((event) => eventLines(event, at).join("\n"));
  return [...blocks, ...(unknown.length > 0 ? [unknown.join("\n")] : [])].join("\n\n");
}

function eventLines(status: EventStatus, now: number): string[] {
  const { event, channel, stream, versions, passage, readers, handlers, lastRead, next } = status;
  const where =
    passage === undefined ? "one version in use" : `v${passage.older} → v${passage.newer}: ${passage.stage}`;
  const wide = passage !== undefined;
  return [
    `${event} (${channel}, stream ${stream}): ${where}`,
    ...(passage?.fault === undefined ? [] : [`  ${passage.fault}`]),
    ...versions.map((version) => `  ${versionLine(version, now)}`),
    ...handlers.map(
      ({ service, operation, versions: listed }) => `  ${service} lists ${versionNames(listed)} (${operation})`,
    ),
    ...(readers ?? []).map((reader) => `  ${readerLine(reader, now)}`),
    ...(wide && lastRead !== undefined
      ? [`  v${passage.older} was read last ${ago(now - lastRead.at)}, by ${lastRead.by}`]
      : []),
    ...(next === undefined
      ? []
      : [`  next: ${next.step}, ${next.safe ? `safe: tandem evolve advance ${event}` : "not yet"}`]),
    ...(next === undefined ? [] : reasonLines(next.reasons).map((line) => `  ${line}`)),
  ];
}

function versionLine({ number, state, written, traffic }: VersionStatus, now: number): string {
  const head = `v${number} ${state}${written ? ", written" : ""}`.padEnd(24);
  if (traffic === undefined) return head.trimEnd();
  const last = traffic.lastPublishedAt === undefined ? "never published" : `last ${ago(now - traffic.lastPublishedAt)}`;
  return `${head}${rate(traffic.perMinute)} a minute, ${traffic.stored} stored, ${last}`;
}

function readerLine(
  { name, durable, service, filters, versions, live, waitingPulls, lag, idleSince }: Reader,
  now: number,
): string {
  const state = live
    ? `live, ${waitingPulls} pulls wait`
    : idleSince === undefined
      ? "idle"
      : `idle, took nothing for ${span(now - idleSince)}`;
  const reads = filters.length === 0 ? "the whole stream" : filters.join(", ");
  return `${name}${durable ? "" : " (short-lived)"}${service === undefined ? "" : ` of ${service}`} reads ${versionNames(versions)} by ${reads}: ${state}, ${lag} behind`;
}

function versionNames(versions: readonly number[]): string {
  return versions.map((version) => `v${version}`).join(" and ");
}
