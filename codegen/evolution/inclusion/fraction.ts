/** An exact number: the decimal digits that a JSON number is written with, as a fraction. */
export interface Fraction {
  readonly top: bigint;
  /** Positive. */
  readonly bottom: bigint;
}

/** The number as its shortest decimal form says it: 0.1 is one tenth, and not the binary fraction beside it. */
export function fractionOf(value: number): Fraction {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", decimals = ""] = mantissa.split(".");
  const shift = Number(exponent) - decimals.length;
  const digits = BigInt(whole + decimals);
  return shift >= 0 ? { top: digits * 10n ** BigInt(shift), bottom: 1n } : reduced(digits, 10n ** BigInt(-shift));
}

/** How many times `unit` goes into `value`, rounded down and rounded up. */
export function quotient(value: Fraction, unit: Fraction): { down: bigint; up: bigint } {
  const top = value.top * unit.bottom;
  const bottom = value.bottom * unit.top;
  const cut = top / bottom;
  if (cut * bottom === top) return { down: cut, up: cut };
  return top < 0n ? { down: cut - 1n, up: cut } : { down: cut, up: cut + 1n };
}

export function isMultiple(value: Fraction, unit: Fraction): boolean {
  return (value.top * unit.bottom) % (value.bottom * unit.top) === 0n;
}

/** The least number of which both are divisors. */
export function leastCommonMultiple(a: Fraction, b: Fraction): Fraction {
  const left = a.top * b.bottom;
  const right = b.top * a.bottom;
  return reduced((left / divisor(left, right)) * right, a.bottom * b.bottom);
}

/** The number closest to `times` steps. */
export function numberAt(times: bigint, step: Fraction): number {
  const top = times * step.top;
  if (top % step.bottom === 0n) return Number(top / step.bottom);
  const direct = Number(top) / Number(step.bottom);
  // The fraction of a decimal has a power of ten below: its decimal form is exact, the division of doubles is not.
  const digits = step.bottom.toString().length + 20;
  const scaled = (top * 10n ** BigInt(digits)) / step.bottom;
  const read = Number(`${scaled}e-${digits}`);
  return Number.isFinite(read) ? read : direct;
}

/** Whether a double holds the number exactly, as it does for integers and for halves, quarters and so on. */
export function isBinary(value: number): boolean {
  const { bottom } = fractionOf(value);
  return (bottom & (bottom - 1n)) === 0n && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

/**
 * Whether `value` is a multiple of `unit`; undefined where validators disagree, because some divide binary fractions
 * (0.07 / 0.01 is 7.000000000000001) and some compute in decimals.
 */
export function isMultipleForAll(value: number, unit: number): boolean | undefined {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(unit)) return value % unit === 0;
  const exact = isMultiple(fractionOf(value), fractionOf(unit));
  // Integer is multipleOf 1, and every validator tests it without a division.
  if (unit === 1) return exact;
  const divided = value / unit;
  const byDivision = divided === Number.parseInt(String(divided), 10);
  return byDivision === exact ? exact : undefined;
}

function reduced(top: bigint, bottom: bigint): Fraction {
  const common = divisor(top, bottom);
  return { top: top / common, bottom: bottom / common };
}

function divisor(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x === 0n ? 1n : x;
}
