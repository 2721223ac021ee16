/** Rules for addresses: well-formed, with the parameters that the channel declares, and each for one channel. */
import { parametersOf, pathFault, subjectFault } from "../address.ts";
import type { ChannelSpec, Contract, Said } from "../contract.ts";
import type { Report } from "../report.ts";
import { closest, meant } from "../../suggest.ts";

/** Whether the address can be a subject; reports what is wrong with it and its parameters. */
export function lintSubject(channel: ChannelSpec, report: Report): boolean {
  return lintAddress(channel, subjectFault, "orders.created.{version}", report);
}

/** Whether the address can be a path; reports what is wrong with it and its parameters. */
export function lintPath(channel: ChannelSpec, report: Report): boolean {
  return lintAddress(channel, pathFault, "/orders/{order_id}", report);
}

/** Reports channels of one address, once for each address. Several methods of one path are several channels. */
export function lintDuplicates(contract: Contract, report: Report): void {
  const asked = contract.channels.filter(
    ({ owner, transport }) => owner === undefined && !(contract.ours && transport === "http"),
  );
  for (const channels of Map.groupBy(asked, ({ address }) => address?.value).values()) {
    const [first, second] = channels;
    if (first === undefined || second?.address === undefined) continue;
    const keys = channels.map(({ key }) => key);
    const message = `${keys.slice(0, -1).join(", ")} and ${keys.at(-1)} have the same address`;
    const hint = contract.ours
      ? "One channel is one event: give each its own."
      : `Make one channel of ${channels.length === 2 ? "the two" : "them"}.`;
    report.fault("ADDRESS_DUPLICATE", second.address.at, message, hint);
  }
}

function lintAddress(
  channel: ChannelSpec,
  fault: (address: string) => string | undefined,
  like: string,
  report: Report,
): boolean {
  const { key, address } = channel;
  if (address === undefined) {
    report.error(
      "ADDRESS_INVALID",
      { at: channel.at, side: "name" },
      `${key} has no address`,
      `Add one, such as ${like}.`,
    );
    return false;
  }
  const why = fault(address.value);
  if (why !== undefined) {
    report.error(
      "ADDRESS_INVALID",
      address.at,
      `the address of ${key} cannot be used: ${why}`,
      `Write it like ${like}.`,
    );
    return false;
  }
  lintParameters(channel, address, report);
  return true;
}

function lintParameters({ key, event, parameters }: ChannelSpec, address: Said<string>, report: Report): void {
  const inAddress = parametersOf(address.value);
  const unused = parameters.filter(({ name }) => !inAddress.includes(name));
  for (const name of inAddress.filter((name) => !parameters.some((parameter) => parameter.name === name))) {
    // A misspelt declaration is reported where it stands.
    if (unused.some((parameter) => closest(parameter.name, [name]) !== undefined)) continue;
    const message = `{${name}} is not among the parameters of ${key}`;
    report.error("ADDRESS_PARAMETER", address.at, message, "Declare it under parameters.");
  }
  for (const { name, at } of unused) {
    // The address of an event has this one, so it is the address that misspells it.
    const isWanted = event !== undefined && name === "version";
    const hint = isWanted ? "Write {version} into the address." : meant(name, inAddress) || "Remove it.";
    report.error("ADDRESS_PARAMETER", { at, side: "name" }, `${name} is not in the address of ${key}`, hint);
  }
  if (new Set(inAddress).size < inAddress.length) {
    report.error(
      "ADDRESS_PARAMETER",
      address.at,
      "the same parameter stands twice in the address",
      "Keep one of the two.",
    );
  }
}
