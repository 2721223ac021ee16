/** What is taken for what a document without our extensions leaves open; each is said once. */
import { compareText } from "../../diagnostic.ts";
import { fill, subjectFault } from "../../spec/address.ts";
import type { Contract } from "../../spec/contract.ts";
import type { Report } from "../../spec/report.ts";
import type { Stream } from "../model.ts";
import { serviceNameFrom, streamNameFrom, versionOfAddress } from "../names.ts";

const DAY_MS = 86_400_000;
const MAX_AGE_MS = 30 * DAY_MS;
const DUPLICATE_WINDOW_MS = 120_000;

/** The service that performs every operation: the document is one application's view. */
export function defaultService({ title, operations }: Contract, report: Report): string {
  const service = serviceNameFrom(title);
  if (operations.length > 0) {
    report.note(
      "DEFAULT_TAKEN",
      { at: "/info/title", side: "value" },
      `every operation is one of the service ${service}, which is called after the document`,
      "Services are named by x-service, in a contract with x-tandem: 1.",
    );
  }
  return service;
}

/** Says which version the messages are. */
export function noteVersions({ channels }: Contract, report: Report): void {
  if (channels.length === 0) return;
  const versions = channels.map(({ address }) => versionOfAddress(address?.value ?? ""));
  const said = versions.filter((version) => version !== undefined).length;
  const message =
    said === 0
      ? "every message is version 1, since no address ends with .vN"
      : `the messages of ${said} of ${versions.length} channels have the version that their address ends with, the others version 1`;
  report.note(
    "DEFAULT_TAKEN",
    { at: "/channels", side: "name" },
    message,
    "Versions are numbered by x-version, in a contract with x-tandem: 1.",
  );
}

/** One stream for each first token of a subject, for the channels that are on NATS. */
export function defaultStreams(contract: Contract, report: Report): readonly Stream[] {
  const stored = contract.channels.filter(
    ({ transport, address }) =>
      transport === "nats" && address !== undefined && subjectFault(address.value) === undefined,
  );
  const servers = Object.fromEntries(
    contract.servers
      .filter(({ transport }) => transport === "nats")
      .map(({ key }) => [key, { replicas: 1, atomicBatches: false }] as const)
      .toSorted(([a], [b]) => compareText(a, b)),
  );
  const byToken = Map.groupBy(stored, ({ address }) => streamNameFrom(address?.value ?? ""));
  const streams = [...byToken]
    // A subject that begins with a parameter could be any other.
    .filter(([name]) => name !== "")
    .map(([name, channels]) => ({
      name,
      owner: undefined,
      pointer: channels[0]?.at ?? "",
      subjects: [...new Set(channels.map(({ address }) => fill(address?.value ?? "", {})))].toSorted(compareText),
      maxAgeMs: MAX_AGE_MS,
      duplicateWindowMs: DUPLICATE_WINDOW_MS,
      servers,
    }))
    .toSorted((a, b) => compareText(a.name, b.name));
  if (streams.length > 0) {
    const list = streams.map(({ name }) => name).join(", ");
    report.note(
      "DEFAULT_TAKEN",
      { at: "/channels", side: "name" },
      `what is published is kept for 30 days, in one stream for each first token of a subject: ${list}`,
      "Streams are declared by x-streams, in a contract with x-tandem: 1.",
    );
  }
  return streams;
}
