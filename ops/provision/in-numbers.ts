/** Counts and times in the words of the provisioner. */

const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
] as const;

/** `30 d`, `90 min`, `1.5 s`: in the largest unit that it fills. */
export function span(ms: number): string {
  const [size, unit] = UNITS.find(([least]) => ms >= least) ?? [1, "ms"];
  return `${Math.round((ms / size) * 10) / 10} ${unit}`;
}

/** `1 message`, `12 messages`. */
export function messages(count: number): string {
  return count === 1 ? "1 message" : `${count} messages`;
}
