/** The arguments of `tandem dead-letters`. */
import { userInfo } from "node:os";
import { parseArgs } from "node:util";
import { didYouMean, oneOf, UsageError } from "../usage-error.ts";
import type { LetterState } from "./letter.ts";
import type { Selection } from "./select.ts";

const VERBS = ["list", "show", "replay", "edit", "discard", "audit"] as const;
const STATES: readonly (LetterState | "all")[] = ["open", "replayed", "discarded", "all"];
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const OPTIONS = {
  group: { type: "string" },
  groups: { type: "boolean", default: false },
  each: { type: "boolean", default: false },
  service: { type: "string" },
  event: { type: "string" },
  code: { type: "string" },
  key: { type: "string" },
  since: { type: "string" },
  until: { type: "string" },
  state: { type: "string" },
  all: { type: "boolean", default: false },
  by: { type: "string" },
  why: { type: "string" },
  body: { type: "string" },
  rate: { type: "string", default: "20" },
  limit: { type: "string" },
  reveal: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  topology: { type: "string", default: "generated/topology.json" },
  json: { type: "boolean", default: false },
} as const;

export interface Arguments {
  readonly verb: (typeof VERBS)[number];
  readonly selection: Selection;
  readonly all: boolean;
  /** Whether letters that are not open were asked for by their state, so that acting on them again is meant. */
  readonly again: boolean;
  /** How a list is shown; by its length when undefined. */
  readonly shape: "groups" | "each" | undefined;
  readonly by: string;
  readonly why: string;
  readonly body: string | undefined;
  readonly rate: number;
  readonly limit: number | undefined;
  readonly reveal: boolean;
  readonly dryRun: boolean;
  readonly topology: string;
  readonly json: boolean;
}

/** @throws UsageError, and `TypeError` of `parseArgs` for options that there are not */
export function readArguments(argv: readonly string[], now: number): Arguments {
  const { values, positionals } = parseArgs({ args: withBareGroup(argv), allowPositionals: true, options: OPTIONS });
  const [word = "", ...ids] = positionals;
  const verb = VERBS.find((candidate) => candidate === word);
  if (verb === undefined)
    throw new UsageError(
      `Say what to do: ${VERBS.join(", ")}${word === "" ? "" : `; not "${word}"`}.${didYouMean(word, VERBS)}`,
    );
  const { group, service, event, code, key, all, topology, json, reveal, body } = values;
  const state = stateOf(values.state) ?? (ids.length > 0 || verb === "audit" ? "all" : "open");
  const selection: Selection = {
    ...{ ids, group, service, event, code, key, state },
    since: values.since === undefined ? undefined : timeOf("since", values.since, now),
    until: values.until === undefined ? undefined : timeOf("until", values.until, now),
  };
  const dryRun = values["dry-run"];
  const why = values.why?.trim() ?? "";
  if (["replay", "edit", "discard"].includes(verb) && why === "" && !dryRun)
    throw new UsageError(`${verb} needs --why TEXT: it is written down beside your name.`);
  return {
    ...{ verb, selection, all, again: values.state !== undefined, why, body, reveal, dryRun, topology, json },
    shape: values.groups ? "groups" : values.each ? "each" : undefined,
    by: values.by?.trim() || loginName(),
    rate: positive("rate", values.rate),
    limit: values.limit === undefined ? undefined : Math.floor(positive("limit", values.limit)),
  };
}

/** `--group` with nothing behind it asks for groups; with a fingerprint it chooses one. */
function withBareGroup(argv: readonly string[]): string[] {
  return argv.map((word, place) => {
    const next = argv[place + 1];
    return word === "--group" && (next === undefined || next.startsWith("-")) ? "--groups" : word;
  });
}

function stateOf(text: string | undefined): LetterState | "all" | undefined {
  return text === undefined ? undefined : oneOf("--state", text, STATES);
}

/** `2h` before now, or a date. */
function timeOf(option: string, text: string, now: number): number {
  const [, count, unit = ""] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const time = count === undefined ? Date.parse(text) : now - Number(count) * (UNITS[unit] ?? 0);
  if (!Number.isNaN(time)) return time;
  throw new UsageError(`--${option} is a time like 90s, 30m, 2h, 7d, or a date like 2026-01-31T12:00Z, not "${text}".`);
}

function positive(option: string, text: string): number {
  const number = /^\d{1,6}(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (number > 0 && (option !== "limit" || number >= 1)) return number;
  throw new UsageError(`--${option} is a number above 0, not "${text}".`);
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    throw new UsageError("This machine does not know your name: say it with --by NAME.");
  }
}
