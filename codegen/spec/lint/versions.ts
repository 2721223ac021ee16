/** Rules for the versions of an event: numbered without a gap, told apart by the body, with one key. */
import type { ChannelSpec, Contract, MessageUse, OwnerSpec } from "../contract.ts";
import { isText, literals, propertyNames, propertyOf } from "../properties.ts";
import { tokens } from "../pointer.ts";
import type { Report } from "../report.ts";
import { channelsOf, isPublished } from "../roles.ts";
import { meant } from "../../suggest.ts";

/** @param today The day that a sunset is compared with. */
export function lintVersions(contract: Contract, report: Report, today: Date): void {
  for (const channel of channelsOf(contract, "event")) {
    // What another document calls a channel is then no event.
    if (channel.owner !== undefined && report.concerns(channel.owner.at)) continue;
    lintNumbers(channel, report);
    lintWrites(channel, report);
    for (const use of channel.messages) {
      lintLiteral(use, report);
      lintSunset(use, channel.owner, today, report);
      lintKey(channel, use, report);
      lintEvolves(channel, use, report);
    }
  }
}

function lintNumbers(channel: ChannelSpec, report: Report): void {
  const byNumber = new Map<number, MessageUse>();
  for (const use of channel.messages) {
    const { message, at } = use;
    if (message.version === undefined) {
      report.error(
        "VERSION_MISSING",
        { at: message.at, side: "name" },
        `${message.key} has no x-version`,
        "Add x-version: { number: 1, state: current }.",
      );
      continue;
    }
    const { value, at: place } = message.version.number;
    const first = byNumber.get(value);
    if (first === undefined) byNumber.set(value, use);
    else if (first.message.at !== message.at) {
      report.error(
        "VERSION_DUPLICATE",
        place,
        `${first.message.key} is version ${value} of ${channel.key} already`,
        `Number ${lastOf(at)} differently.`,
      );
    }
  }
  const numbers = [...byNumber.keys()].toSorted((a, b) => a - b);
  for (const [index, number] of numbers.entries()) {
    const before = numbers[index - 1];
    if (before === undefined || number === before + 1) continue;
    const place = byNumber.get(number)?.message.version?.number.at ?? channel.at;
    report.error(
      "VERSION_GAP",
      place,
      `${channel.key} has version ${before} and version ${number}, and none between`,
      `Make it version ${before + 1}.`,
    );
  }
}

function lintWrites(channel: ChannelSpec, report: Report): void {
  const published = channel.messages.filter(isPublished);
  const writes = channel.event?.writes;
  if (published.length === 0) {
    if (channel.messages.every(({ message }) => message.version !== undefined) && channel.messages.length > 0) {
      const hint = "Make one current, or remove the event.";
      report.error(
        "VERSION_UNPUBLISHED",
        { at: channel.at, side: "name" },
        `every version of ${channel.key} is a draft or retired`,
        hint,
      );
    }
    return;
  }
  if (writes === undefined || published.some(({ message }) => message.version?.number.value === writes.value)) return;
  const exists = channel.messages.some(({ message }) => message.version?.number.value === writes.value);
  const versions = published.map(({ message }) => `v${message.version?.number.value}`);
  const message = exists
    ? `version ${writes.value} of ${channel.key} is not published`
    : `${channel.key} has no version ${writes.value}`;
  report.error("EVENT_WRITES", writes.at, message, `Published: ${versions.join(", ")}.`);
}

/** The subject follows from the body, so a body must fit exactly one version. */
function lintLiteral({ message }: MessageUse, report: Report): void {
  const number = message.version?.number.value;
  if (number === undefined) return;
  const wanted = `v${number}`;
  const hint = `Add version: { type: string, const: ${wanted} } and list it under required.`;
  if (message.payload === undefined) {
    report.error(
      "VERSION_LITERAL",
      { at: message.at, side: "name" },
      `${message.key} has no payload, so nothing says its version`,
      hint,
    );
    return;
  }
  const { schemas, required } = propertyOf([message.payload], "version");
  const place = schemas[0]?.at;
  const named = { at: place ?? message.payload.at, side: "name" } as const;
  if (place === undefined) {
    report.error("VERSION_LITERAL", named, `the body of ${message.key} has no version`, hint);
    return;
  }
  const allowed = literals(schemas);
  if (allowed?.length !== 1 || allowed[0] !== wanted) {
    report.error(
      "VERSION_LITERAL",
      named,
      `the version in the body of ${message.key} is not exactly ${wanted}`,
      `Write { type: string, const: ${wanted} }.`,
    );
  } else if (!required) {
    report.error(
      "VERSION_LITERAL",
      named,
      `the version in the body of ${message.key} is not required`,
      "List version under required.",
    );
  }
}

function lintSunset(use: MessageUse, owner: OwnerSpec | undefined, today: Date, report: Report): void {
  const { key, version } = use.message;
  const sunset = version?.sunset;
  if (sunset === undefined || version?.state === "retired") return;
  const end = Date.parse(sunset.value);
  const isDay = !Number.isNaN(end) && new Date(end).toISOString().startsWith(sunset.value);
  if (!isDay) {
    report.error(
      "VERSION_SUNSET",
      sunset.at,
      `${sunset.value} is no day of the calendar`,
      "Write a day such as 2027-01-31.",
    );
  } else if (sunset.value < today.toISOString().slice(0, 10)) {
    const message = `${key} was to go by ${sunset.value}, which has passed`;
    if (owner !== undefined) {
      const hint = `Read a newer version: ${owner.title} may retire this one any day.`;
      report.warning("VERSION_SUNSET", sunset.at, message, hint);
      return;
    }
    report.error("VERSION_SUNSET", sunset.at, message, "Retire it when nobody reads it any more, or set a later day.");
  }
}

function lintKey(channel: ChannelSpec, { message }: MessageUse, report: Report): void {
  const key = channel.event?.key;
  if (key === undefined || message.payload === undefined) return;
  let schemas = [message.payload];
  for (const name of tokens(key.value)) {
    const property = propertyOf(schemas, name);
    if (property.schemas.length === 0) {
      report.error("EVENT_KEY", key.at, `${message.key} has no ${key.value}`, meant(name, propertyNames(schemas)));
      return;
    }
    if (!property.required) {
      report.error(
        "EVENT_KEY",
        key.at,
        `${key.value} is not required in ${message.key}`,
        `List ${name} under required, or choose another key.`,
      );
      return;
    }
    schemas = [...property.schemas];
  }
  if (!isText(schemas)) {
    report.error(
      "EVENT_KEY",
      key.at,
      `${key.value} is not a string in ${message.key}`,
      "Choose a key that is a string in every version.",
    );
  }
}

function lintEvolves(channel: ChannelSpec, { message }: MessageUse, report: Report): void {
  const number = message.version?.number.value;
  const from = message.evolvesFrom;
  if (from === undefined || number === undefined) return;
  const before = channel.messages.find((use) => use.message.version?.number.value === number - 1)?.message.key;
  if (from.value === before) return;
  const hint =
    before === undefined ? `${channel.key} has no version ${number - 1}; remove x-evolves.` : `Write from: ${before}.`;
  report.error("EVOLVES_FROM", from.at, `${from.value} is not the version before ${message.key}`, hint);
}

function lastOf(at: string): string {
  return tokens(at).at(-1) ?? at;
}
