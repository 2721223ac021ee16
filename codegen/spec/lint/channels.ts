/** Rules for channels: what an event, a place for dead letters and an HTTP path must say. */
import { parametersOf } from "../address.ts";
import type { ChannelSpec, Contract } from "../contract.ts";
import { under } from "../pointer.ts";
import type { Report } from "../report.ts";
import { rolesOf } from "../roles.ts";
import { closest, meant } from "../../suggest.ts";
import { lintDuplicates, lintPath, lintSubject } from "./addresses.ts";
import { lintOwned } from "./others.ts";

const VERSION_LOCATION = "$message.payload#/version";

export function lintChannels(contract: Contract, report: Report): void {
  for (const [channel, role] of rolesOf(contract)) {
    if (role === "event") lintEvent(channel, contract, report);
    else if (role === "dead letters") lintDeadLetters(channel, contract, report);
    else if (role === "route") lintRoute(channel, report);
    else if (role === "both") {
      report.error(
        "CHANNEL_SERVERS",
        under(channel.at, "servers"),
        `${channel.key} is served over HTTP and NATS at once`,
        "Make it two channels.",
      );
    } else lintPlain(channel, report);
  }
  lintDuplicates(contract, report);
}

function lintEvent(channel: ChannelSpec, contract: Contract, report: Report): void {
  if (channel.owner !== undefined && !lintOwned(channel, channel.owner, report)) return;
  lintStream(channel, contract, report);
  if (channel.event === undefined) {
    const hint =
      "Add x-event: { key: /the_id_of_the_aggregate }, or let x-dead-letter name it if it holds dead letters.";
    report.error("EVENT_POLICY_MISSING", name(channel), `${channel.key} has no x-event`, hint);
  }
  if (channel.messages.length === 0) {
    report.error("EVENT_EMPTY", name(channel), `${channel.key} has no message`, "Add one message for each version.");
  }
  if (!lintSubject(channel, report)) return;
  const { address } = channel;
  if (address === undefined) return;
  const others = parametersOf(address.value).filter((parameter) => parameter !== "version");
  for (const parameter of others) {
    const hint =
      closest(parameter, ["version"]) === undefined
        ? "Put what it says into the body; {version} is the only parameter of an event."
        : "Did you mean {version}?";
    report.error(
      "ADDRESS_PARAMETER_UNSUPPORTED",
      address.at,
      `the parameter {${parameter}} of an event is unsupported`,
      hint,
    );
  }
  if (others.length === 0 && !/^[^{}]+\.\{version\}$/.test(address.value)) {
    report.error(
      "ADDRESS_VERSION",
      address.at,
      `the address of ${channel.key} does not end with .{version}`,
      "Write it as orders.created.{version}.",
    );
    return;
  }
  const version = channel.parameters.find((parameter) => parameter.name === "version");
  if (version !== undefined && version.location?.value !== VERSION_LOCATION) {
    const message = `the version of ${channel.key} is not read from the body`;
    report.error(
      "ADDRESS_VERSION",
      version.location?.at ?? version.at,
      message,
      `Write location: ${VERSION_LOCATION}.`,
    );
  }
}

function lintDeadLetters(channel: ChannelSpec, contract: Contract, report: Report): void {
  lintStream(channel, contract, report);
  if (!lintSubject(channel, report) || channel.address === undefined) return;
  for (const parameter of parametersOf(channel.address.value)) {
    if (["service", "event", "version"].includes(parameter)) continue;
    const message = `nothing fills in {${parameter}} of a dead letter's address`;
    report.error(
      "DEAD_LETTER_CHANNEL",
      channel.address.at,
      message,
      "Its parameters are {service}, {event} and {version}.",
    );
  }
}

function lintRoute(channel: ChannelSpec, report: Report): void {
  lintUnread(channel, "a channel of an HTTP server", report);
  lintPath(channel, report);
}

function lintPlain(channel: ChannelSpec, report: Report): void {
  lintUnread(channel, "a channel that is on no NATS server, or has replies", report);
  if (channel.transport === "nats" && channel.address !== undefined) lintSubject(channel, report);
}

/** What makes an event of a channel is read of events only. */
function lintUnread(channel: ChannelSpec, what: string, report: Report): void {
  for (const [extension, said] of [
    ["x-stream", channel.stream],
    ["x-event", channel.event],
  ] as const) {
    if (said === undefined) continue;
    report.error(
      "EXTENSION_MISPLACED",
      { at: said.at, side: "name" },
      `${extension} is not read on ${what}`,
      "Remove it.",
    );
  }
}

function lintStream(channel: ChannelSpec, contract: Contract, report: Report): void {
  // Which streams another document declares is asked where its channels are.
  if (channel.owner !== undefined) return;
  const names = contract.streams.map((stream) => stream.name);
  if (channel.stream === undefined) {
    report.error(
      "STREAM_MISSING",
      name(channel),
      `${channel.key} does not say which stream it lives in`,
      `Add x-stream: ${names[0] ?? "NAME"}, or another of x-streams.`,
    );
  } else if (!names.includes(channel.stream.value)) {
    const hint = names.length === 0 ? "Declare it under x-streams." : meant(channel.stream.value, names);
    report.error("STREAM_UNDECLARED", channel.stream.at, `x-streams has no ${channel.stream.value}`, hint);
  }
}

function name(channel: ChannelSpec): { at: string; side: "name" } {
  return { at: channel.at, side: "name" };
}
