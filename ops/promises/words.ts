/** Spans of time in words. */

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
] as const;

/** `2 minutes`, `30 days`, `0.2 seconds`, or `ever`. */
export function span(ms: number): string {
  if (!Number.isFinite(ms)) return "ever";
  const [name, size] = UNITS.find(([, unit]) => ms >= unit && ms % unit === 0) ?? ["second", 1_000];
  const count = ms / size;
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
