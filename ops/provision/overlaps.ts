/** Subjects live in one stream each: what a plan would store twice is found before a server refuses it half way. */
import type { StreamInfo } from "@tandem/runtime/admin";
import { overlap } from "../subjects.ts";
import { type DesiredStream, METADATA } from "./desired.ts";

/** The order in which streams can be changed: who gives a subject away comes before who takes it. */
export function applyOrder(
  desired: readonly DesiredStream[],
  running: ReadonlyMap<string, StreamInfo>,
): readonly DesiredStream[] {
  const gives = ({ name, settings }: DesiredStream): boolean =>
    running.get(name)?.settings.subjects.some((subject) => !settings.subjects.includes(subject)) ?? false;
  return [...desired.filter(gives), ...desired.filter((stream) => !gives(stream))];
}

/** Why a stream cannot have its subjects, by its name. Goes through the changes in the order in which they are made. */
export function findOverlaps(
  order: readonly DesiredStream[],
  running: ReadonlyMap<string, StreamInfo>,
): ReadonlyMap<string, string> {
  const stored = new Map([...running].map(([name, { settings }]) => [name, settings.subjects]));
  const own = new Set(order.map(({ name }) => name));
  const found = new Map<string, string>();
  for (const { name, settings } of order) {
    for (const [other, subjects] of stored) {
      if (other === name) continue;
      const clash = settings.subjects.find((subject) => subjects.some((theirs) => overlap(subject, theirs)));
      if (clash === undefined) continue;
      found.set(name, own.has(other) ? swapped(clash, other) : foreign(clash, running.get(other)));
      break;
    }
    stored.set(name, settings.subjects);
  }
  return found;
}

function foreign(subject: string, other: StreamInfo | undefined): string {
  const { name = "", settings } = other ?? {};
  const contract = settings?.metadata[METADATA.contract];
  const owner = settings?.metadata[METADATA.owner];
  const whose =
    contract === undefined
      ? "which no contract made"
      : `which belongs to the contract "${contract}"${owner === undefined ? "" : ` and is written by ${owner}`}`;
  return (
    `its subject ${subject} is stored by the stream ${name} already, ${whose}, and a message is stored once. ` +
    "Give the events another address; or, when that stream is no longer needed, take the subject away from it by hand (nats stream edit)"
  );
}

function swapped(subject: string, other: string): string {
  return `its subject ${subject} is still stored by ${other}, which takes one of this stream's in exchange: change the contract in two steps, and provision after each`;
}
