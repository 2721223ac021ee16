/** Rules for streams: declared once, owned by whoever publishes into them, no subject in two of them. */
import { fill, tokensOverlap } from "../address.ts";
import type { ChannelSpec, Contract } from "../contract.ts";
import { under } from "../pointer.ts";
import type { Report } from "../report.ts";
import { type Role, rolesOf } from "../roles.ts";
import { meant } from "../../suggest.ts";

const STORED: ReadonlySet<Role> = new Set<Role>(["event", "dead letters"]);

export function lintStreams(contract: Contract, report: Report): void {
  const channels = contract.channels.filter(({ owner }) => owner === undefined);
  const roles = rolesOf(contract);
  const stored = channels.filter((channel) => STORED.has(roles.get(channel) ?? "both"));
  // A channel without a stream, or with a misspelt one, may be the one that is missing here.
  const allDeclared = stored.every((channel) =>
    contract.streams.some((stream) => stream.name === channel.stream?.value),
  );
  for (const stream of contract.streams) {
    if (allDeclared && !channels.some((channel) => channel.stream?.value === stream.name)) {
      report.error(
        "STREAM_UNUSED",
        { at: stream.at, side: "name" },
        `no channel lives in ${stream.name}`,
        `Remove it, or name it in a channel: x-stream: ${stream.name}.`,
      );
    }
    if (stream.duplicateWindowMs > stream.maxAgeMs) {
      const message = `${stream.name} remembers message ids for longer than it keeps messages`;
      report.error(
        "STREAM_DURATIONS",
        under(stream.at, "duplicateWindow"),
        message,
        "Make duplicateWindow at most maxAge.",
      );
    }
  }
  lintOwners(contract, report);
  lintOverlaps(stored, report);
}

function lintOwners(contract: Contract, report: Report): void {
  // Who performs an operation may be the very service that would be missed.
  if (contract.operations.some((operation) => operation.service === undefined)) return;
  const services = [...new Set(contract.operations.flatMap((operation) => operation.service?.value ?? []))];
  const owners = new Map(contract.streams.map((stream) => [stream.name, stream.owner]));
  for (const { owner, name } of contract.streams) {
    if (owner === undefined || services.includes(owner.value)) continue;
    report.error(
      "STREAM_OWNER",
      owner.at,
      `${name} is owned by ${owner.value}, which performs no operation`,
      meant(owner.value, services),
    );
  }
  for (const { action, channel, service } of contract.operations) {
    const owner = owners.get(channel.stream?.value ?? "");
    if (action !== "send" || service === undefined || owner === undefined || !services.includes(owner.value)) continue;
    if (owner.value === service.value || channel.stream === undefined) continue;
    const message = `${service.value} sends ${channel.key} into ${channel.stream.value}, which ${owner.value} owns`;
    report.error(
      "STREAM_OWNER",
      channel.stream.at,
      message,
      "Let the event live in a stream of the service that sends it, or leave the owner out.",
    );
  }
}

function lintOverlaps(channels: readonly ChannelSpec[], report: Report): void {
  const patterns = channels.flatMap((channel) =>
    channel.address === undefined
      ? []
      : [{ channel, address: channel.address, pattern: fill(channel.address.value, {}).split(".") }],
  );
  for (const [index, one] of patterns.entries()) {
    for (const other of patterns.slice(index + 1)) {
      if (!tokensOverlap(one.pattern, other.pattern)) continue;
      // The same address twice has its own rule, and so has an address that cannot be used.
      if (one.address.value === other.address.value) continue;
      if (report.concerns(one.address.at) || report.concerns(other.address.at)) continue;
      const message = `a subject of ${other.channel.key} can also be one of ${one.channel.key} (${one.address.value})`;
      report.error("STREAM_OVERLAP", other.address.at, message, "Give one of the two another first token.");
    }
  }
}
