/** The arguments of `npm run chaos`. */
import { parseArgs } from "node:util";
import { assertKnown, UsageError } from "../../ops/usage-error.ts";
import type { Fault } from "./fault.ts";

export interface Arguments {
  readonly seed: number;
  /** How many runs, each with the next seed. */
  readonly runs: number;
  readonly minutes: number;
  /** Orders for each second. */
  readonly rate: number;
  readonly faults: readonly Fault[];
  /** Faults that cannot be done here, by name. */
  readonly leftOut: readonly string[];
  /** Where the artifacts go; a new folder when undefined. */
  readonly out: string | undefined;
  readonly list: boolean;
  readonly dryRun: boolean;
  readonly help: boolean;
}

const LARGEST_SEED = 4_294_967_295;

/**
 * Reads them.
 *
 * @param chance a seed for who names none
 * @param isRoot whether this process may make namespaces and mounts
 * @throws UsageError, and `TypeError` of `parseArgs` for options that there are not
 */
export function readArguments(
  argv: readonly string[],
  all: readonly Fault[],
  chance: () => number,
  isRoot: boolean,
): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: "string" },
      minutes: { type: "string", default: "3" },
      rate: { type: "string", default: "5" },
      runs: { type: "string", default: "1" },
      only: { type: "string" },
      out: { type: "string" },
      list: { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { list, help, out, only } = values;
  const wanted = only === undefined ? all : chosen(only, all);
  const can = (fault: Fault): boolean => fault.needs === undefined || isRoot;
  const faults = wanted.filter(can);
  if (faults.length === 0)
    throw new UsageError(`--only names faults that need root alone, and this process is not root.`);
  return {
    seed: values.seed === undefined ? chance() : numberOf("seed", values.seed, 0, LARGEST_SEED, true),
    runs: numberOf("runs", values.runs, 1, 1_000, true),
    minutes: numberOf("minutes", values.minutes, 0.5, 1_440, false),
    rate: numberOf("rate", values.rate, 1, 1_000, false),
    ...{ faults, leftOut: wanted.filter((fault) => !can(fault)).map(({ name }) => name) },
    ...{ out, list, help, dryRun: values["dry-run"] },
  };
}

function chosen(only: string, all: readonly Fault[]): readonly Fault[] {
  const names = only.split(",").map((name) => name.trim());
  assertKnown(
    "--only",
    names,
    all.map(({ name }) => name),
  );
  return all.filter(({ name }) => names.includes(name));
}

function numberOf(option: string, text: string, least: number, most: number, whole: boolean): number {
  const number = (whole ? /^\d{1,10}$/ : /^\d{1,7}(\.\d{1,6})?$/).test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${option} is a ${whole ? "whole " : ""}number from ${least} to ${most}, not "${text}".`);
}
