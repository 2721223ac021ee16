/** Reads a contract that is about to be changed. */
import type { Diagnostic } from "../diagnostic.ts";
import type { ChannelSpec, Contract, MessageUse } from "../spec/contract.ts";
import { eventNameOf } from "../model/names.ts";
import { type ReadFile, readFiles } from "../spec/files.ts";
import { placeIn } from "../spec/pointer.ts";
import { readContract } from "../spec/read/read.ts";
import { Report } from "../spec/report.ts";
import { channelsOf } from "../spec/roles.ts";
import { understand } from "../spec/spec.ts";
import { meant } from "../suggest.ts";

/** A contract as it is written, or why it cannot be trusted. */
export interface Reading {
  readonly contract: Contract | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** The text of every file of the contract, by the name that diagnostics have for it. */
  readonly texts: ReadonlyMap<string, string>;
}

/** An event of a contract that is changed, its versions newest first. */
export interface EditedEvent {
  readonly name: string;
  readonly channel: ChannelSpec;
  readonly versions: readonly MessageUse[];
}

/**
 * Reads what a contract says. What is wrong with the mapping of a draft does not keep it from being read: to mend
 * that is what the editor is called for.
 */
export async function readForEditing(file: string, text: string, read?: ReadFile): Promise<Reading> {
  const { source, faults } = await readFiles(file, text, read);
  const { texts } = source;
  if (faults.length > 0) return { contract: undefined, diagnostics: faults, texts };
  const report = new Report(source);
  const contract = await understand(source, report);
  const { diagnostics } = report;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (contract !== undefined || !errors.every(({ code }) => /^(?:EVOL|LOSS)/.test(code) && code !== "EVOLVES_FROM")) {
    return { contract, diagnostics, texts };
  }
  return { contract: readContract(source, new Report(source)), diagnostics, texts };
}

/**
 * The event of a name (`orders.created`) or of a channel's key (`orderCreated`).
 * @returns A sentence when there is none.
 */
export function findEvent(contract: Contract, asked: string): EditedEvent | string {
  const events = channelsOf(contract, "event").map((channel) => ({ channel, name: nameOf(channel) }));
  const event = events.find(({ channel, name }) => name === asked || channel.key === asked);
  if (event === undefined) {
    const known = events.map(({ channel, name }) => (asked.includes(".") ? name : channel.key));
    return `The contract has no event "${asked}". ${meant(asked, known)}`.trimEnd();
  }
  const versions = event.channel.messages.toSorted((a, b) => numberOf(b) - numberOf(a));
  return { ...event, versions };
}

/**
 * Why an event cannot be changed in the text of its contract, with the place where it stands; undefined when it can.
 */
export function whyElsewhere({ source }: Contract, { name, channel, versions }: EditedEvent): string | undefined {
  if (channel.owner !== undefined) {
    const { file, line, col } = source.locate(channel.at, "name");
    return `${name} belongs to ${channel.owner.title} (${file}:${line}:${col}): its owner takes it from version to version.`;
  }
  const places = [channel.at, ...versions.flatMap(({ message }) => [message.at, message.payload?.at ?? message.at])];
  const elsewhere = places.find((at) => placeIn(at).file !== "");
  if (elsewhere === undefined) return undefined;
  const { file, line, col } = source.locate(elsewhere, "name");
  return `A part of ${name} stands at ${file}:${line}:${col}. Move it into ${source.file}: versions are opened and moved in one file.`;
}

/** The major version of a message of an event. */
export function numberOf({ message }: MessageUse): number {
  return message.version?.number.value ?? 1;
}

function nameOf({ address }: ChannelSpec): string {
  return eventNameOf(address?.value ?? "");
}
