/** The arguments of `tandem verify`. */
import { parseArgs } from "node:util";
import { UsageError } from "../usage-error.ts";

export interface Arguments {
  readonly topology: string;
  readonly json: boolean;
  /** Between two verifications, milliseconds; undefined for a single one. */
  readonly watchMs: number | undefined;
  /** Undefined where no metrics are served; 0 takes a free port. */
  readonly metricsPort: number | undefined;
  readonly graceMs: number;
  /** Events that the streams must hold; undefined where nobody asked. */
  readonly floor: number | undefined;
}

const WATCH_SECONDS = 60;
const GRACE_SECONDS = 30;

/** @throws UsageError, and `TypeError` of `parseArgs` for options that there are not */
export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: withBareWatch(argv),
    options: {
      topology: { type: "string", default: "generated/topology.json" },
      json: { type: "boolean", default: false },
      watch: { type: "string" },
      "metrics-port": { type: "string" },
      grace: { type: "string", default: String(GRACE_SECONDS) },
      floor: { type: "string" },
    },
  });
  const { topology, json, watch, floor, grace, "metrics-port": port } = values;
  if (port !== undefined && watch === undefined)
    throw new UsageError("--metrics-port needs --watch: after a single verification nobody could scrape.");
  return {
    ...{ topology, json },
    watchMs: watch === undefined ? undefined : whole("watch", watch, 1, 86_400) * 1_000,
    metricsPort: port === undefined ? undefined : whole("metrics-port", port, 0, 65_535),
    graceMs: whole("grace", grace, 0, 86_400) * 1_000,
    floor: floor === undefined ? undefined : whole("floor", floor, 0, 1_000_000_000),
  };
}

/** `--watch` with nothing behind it. */
function withBareWatch(argv: readonly string[]): string[] {
  return argv.map((word, place) => {
    const next = argv[place + 1];
    return word === "--watch" && (next === undefined || next.startsWith("-")) ? `--watch=${WATCH_SECONDS}` : word;
  });
}

function whole(option: string, text: string, least: number, most: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${option} is a whole number from ${least} to ${most}, not "${text}".`);
}
