/** ISO 8601 durations of days and time, the ones that always last the same. */

const SHAPE = /^P(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d{1,3})?)S)?)?$/;
const UNITS = [86_400_000, 3_600_000, 60_000, 1_000];

/** The broker counts nanoseconds in 64 bits, which lasts for so many days. */
const MAX_MS = 106_751 * 86_400_000;

/** A duration in milliseconds, or the sentence that says why it is none. */
export type ParsedDuration = { readonly ms: number } | { readonly fault: string };

/** Reads `P30D`, `PT10M`, `PT1.5S`, `P1DT12H`. Months and years are refused: they do not always last the same. */
export function parseDuration(text: string): ParsedDuration {
  const parts = SHAPE.exec(text)?.slice(1);
  if (parts === undefined || parts.every((part) => part === undefined)) return { fault: whyNot(text) };
  const ms = parts.reduce((sum, part, index) => sum + Number(part ?? 0) * (UNITS[index] ?? 0), 0);
  if (ms > MAX_MS) return { fault: `"${text}" is longer than the broker can count` };
  return ms > 0 ? { ms: Math.round(ms) } : { fault: `"${text}" is no time at all` };
}

function whyNot(text: string): string {
  if (/^P\d+(\.\d+)?[YM]/.test(text)) {
    return `"${text}" has months or years, which do not always last the same; use days`;
  }
  if (/^P\d+W$/.test(text)) return `"${text}" has weeks; use days`;
  if (/^\d+(\.\d+)?$/.test(text)) return `"${text}" has no unit`;
  if (/^P\d+[HS]$/.test(text)) return `"${text}" has no T before the time; write PT${text.slice(1)}`;
  return `"${text}" is not an ISO 8601 duration`;
}
