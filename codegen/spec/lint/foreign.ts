/** Rules for documents without our extensions: what no validator of AsyncAPI sees, and probably nobody means. */
import { parametersOf, subjectFault } from "../address.ts";
import type { ChannelSpec, Contract } from "../contract.ts";
import type { Report } from "../report.ts";
import { lintDuplicates } from "./addresses.ts";

/** Reports what a document says that is valid and will not work. */
export function lintForeign(contract: Contract, report: Report): void {
  lintDuplicates(contract, report);
  for (const channel of contract.channels) {
    lintParameters(channel, report);
    if (channel.transport === "nats") lintSubject(channel, report);
  }
}

function lintParameters({ key, address, parameters }: ChannelSpec, report: Report): void {
  if (address === undefined) return;
  const inAddress = parametersOf(address.value);
  if (new Set(inAddress).size < inAddress.length) {
    const message = `the same parameter stands twice in the address of ${key}`;
    report.fault("ADDRESS_PARAMETER", address.at, message, "Keep one of the two.");
  }
  for (const { name, at } of parameters) {
    if (inAddress.includes(name)) continue;
    report.fault("ADDRESS_PARAMETER", { at, side: "name" }, `${name} is not in the address of ${key}`, "Remove it.");
  }
}

function lintSubject({ key, address }: ChannelSpec, report: Report): void {
  const why = address === undefined ? undefined : subjectFault(address.value);
  if (address === undefined || why === undefined) return;
  const message = `the address of ${key} cannot be a subject, so that no stream stores it: ${why}`;
  report.fault("ADDRESS_INVALID", address.at, message, "Write it like orders.created.v1.");
}
