/** Times as a person says them. */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
/** Milliseconds of a day. */
export const days = 24 * hour;

/** `3 minutes`, rounded down to the largest unit that fits. */
export function span(ms: number): string {
  const units = [
    ["day", days],
    ["hour", hour],
    ["minute", minute],
    ["second", second],
  ] as const;
  const [name, length] = units.find(([, length]) => ms >= length) ?? ["second", second];
  const count = Math.max(0, Math.floor(ms / length));
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/** `3 minutes ago`. */
export function ago(ms: number): string {
  return `${span(ms)} ago`;
}

/** `12`, or `0.4`: a rate that is not nothing does not look like nothing. */
export function rate(perMinute: number): string {
  if (perMinute === 0 || perMinute >= 10) return String(Math.round(perMinute));
  return perMinute < 0.1 ? "< 0.1" : perMinute.toFixed(1);
}
