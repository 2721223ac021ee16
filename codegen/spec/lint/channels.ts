/** Rules for channels: what an event, a place for dead letters and an HTTP path must say. */
import { parametersOf, pathFault, subjectFault } from "../address.ts";
import type { ChannelSpec, Contract } from "../contract.ts";
import { under } from "../pointer.ts";
import type { Report } from "../report.ts";
import { rolesOf } from "../roles.ts";
import { closest, meant } from "../../suggest.ts";

const VERSION_LOCATION = "$message.payload#/version";

export function lintChannels(contract: Contract, report: Report): void {
  for (const [channel, role] of rolesOf(contract)) {
    if (role === "event") lintEvent(channel, contract, report);
    else if (role === "dead letters") lintDeadLetters(channel, contract, report);
    else if (role === "route") lintRoute(channel, report);
    else if (role === "both") {
      report.error("CHANNEL_SERVERS", under(channel.at, "servers"), `${channel.key} is served over HTTP and NATS at once`, "Make it two channels.");
    } else if (role === "other") {
      const hint = "Let it name servers whose protocol is nats or http.";
      report.error("CHANNEL_PROTOCOL_UNSUPPORTED", name(channel), `${channel.key} is on no server, or on one whose protocol is unsupported`, hint);
    }
  }
  lintDuplicates(contract, report);
}

function lintEvent(channel: ChannelSpec, contract: Contract, report: Report): void {
  lintStream(channel, contract, report);
  if (channel.event === undefined) {
    const hint = "Add x-event: { key: /the_id_of_the_aggregate }, or let x-dead-letter name it if it holds dead letters.";
    report.error("EVENT_POLICY_MISSING", name(channel), `${channel.key} has no x-event`, hint);
  }
  if (channel.messages.length === 0) report.error("EVENT_EMPTY", name(channel), `${channel.key} has no message`, "Add one message for each version.");
  if (!lintSubject(channel, report)) return;
  const { address } = channel;
  if (address === undefined) return;
  const others = parametersOf(address.value).filter((parameter) => parameter !== "version");
  for (const parameter of others) {
    const hint = "Put what it says into the body; {version} is the only parameter of an event.";
    report.error("ADDRESS_PARAMETER_UNSUPPORTED", address.at, `the parameter {${parameter}} of an event is unsupported`, hint);
  }
  if (others.length === 0 && !/^[^{}]+\.\{version\}$/.test(address.value)) {
    report.error("ADDRESS_VERSION", address.at, `the address of ${channel.key} does not end with .{version}`, "Write it as orders.created.{version}.");
    return;
  }
  const version = channel.parameters.find((parameter) => parameter.name === "version");
  if (version !== undefined && version.location?.value !== VERSION_LOCATION) {
    const message = `the version of ${channel.key} is not read from the body`;
    report.error("ADDRESS_VERSION", version.location?.at ?? version.at, message, `Write location: ${VERSION_LOCATION}.`);
  }
}

function lintDeadLetters(channel: ChannelSpec, contract: Contract, report: Report): void {
  lintStream(channel, contract, report);
  if (!lintSubject(channel, report) || channel.address === undefined) return;
  for (const parameter of parametersOf(channel.address.value)) {
    if (["service", "event", "version"].includes(parameter)) continue;
    const message = `nothing fills in {${parameter}} of a dead letter's address`;
    report.error("DEAD_LETTER_CHANNEL", channel.address.at, message, "Its parameters are {service}, {event} and {version}.");
  }
}

function lintRoute(channel: ChannelSpec, report: Report): void {
  for (const [extension, said] of [["x-stream", channel.stream], ["x-event", channel.event]] as const) {
    if (said !== undefined) report.error("EXTENSION_MISPLACED", { at: said.at, side: "name" }, `${extension} is not read on a channel of an HTTP server`, "Remove it.");
  }
  lintAddress(channel, pathFault, "/orders/{order_id}", report);
}

function lintStream(channel: ChannelSpec, contract: Contract, report: Report): void {
  const names = contract.streams.map((stream) => stream.name);
  if (channel.stream === undefined) {
    report.error("STREAM_MISSING", name(channel), `${channel.key} does not say which stream it lives in`, `Add x-stream: ${names[0] ?? "NAME"}, or another of x-streams.`);
  } else if (!names.includes(channel.stream.value)) {
    const hint = names.length === 0 ? "Declare it under x-streams." : meant(channel.stream.value, names);
    report.error("STREAM_UNDECLARED", channel.stream.at, `x-streams has no ${channel.stream.value}`, hint);
  }
}

function lintSubject(channel: ChannelSpec, report: Report): boolean {
  return lintAddress(channel, subjectFault, "orders.created.{version}", report);
}

/** Whether the address is well-formed, with exactly the parameters that the channel declares. */
function lintAddress(channel: ChannelSpec, fault: (address: string) => string | undefined, like: string, report: Report): boolean {
  const { address } = channel;
  if (address === undefined) {
    report.error("ADDRESS_INVALID", name(channel), `${channel.key} has no address`, `Add one, such as ${like}.`);
    return false;
  }
  const why = fault(address.value);
  if (why !== undefined) {
    report.error("ADDRESS_INVALID", address.at, `the address of ${channel.key} cannot be used: ${why}`, `Write it like ${like}.`);
    return false;
  }
  const inAddress = parametersOf(address.value);
  const declared = channel.parameters.map((parameter) => parameter.name);
  const unused = declared.filter((parameter) => !inAddress.includes(parameter));
  for (const parameter of inAddress.filter((parameter) => !declared.includes(parameter))) {
    // A misspelt declaration is reported where it stands.
    if (unused.some((name) => closest(name, [parameter]) !== undefined)) continue;
    report.error("ADDRESS_PARAMETER", address.at, `{${parameter}} is not among the parameters of ${channel.key}`, "Declare it under parameters.");
  }
  for (const parameter of channel.parameters.filter((parameter) => !inAddress.includes(parameter.name))) {
    report.error("ADDRESS_PARAMETER", { at: parameter.at, side: "name" }, `${parameter.name} is not in the address of ${channel.key}`, meant(parameter.name, inAddress) || "Remove it.");
  }
  if (new Set(inAddress).size < inAddress.length) report.error("ADDRESS_PARAMETER", address.at, "the same parameter stands twice in the address");
  return true;
}

function lintDuplicates(contract: Contract, report: Report): void {
  const seen = new Map<string, ChannelSpec>();
  for (const channel of contract.channels) {
    // Several methods of one path are several channels.
    if (channel.address === undefined || channel.transport === "http") continue;
    const first = seen.get(channel.address.value);
    if (first === undefined) seen.set(channel.address.value, channel);
    else report.error("ADDRESS_DUPLICATE", channel.address.at, `${first.key} and ${channel.key} have the same address`, "One channel is one event: give each its own.");
  }
}

function name(channel: ChannelSpec): { at: string; side: "name" } {
  return { at: channel.at, side: "name" };
}
