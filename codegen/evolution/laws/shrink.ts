/** Makes a counterexample as small as it can be and still be one. */

/** Simplifications that are tried before giving up. */
const TRIES = 2_000;

/**
 * The smallest value that still fails, found by leaving out and simplifying one part at a time.
 * @param fails Whether a value is valid input and still shows the fault.
 */
export function shrink(value: unknown, fails: (value: unknown) => boolean): unknown {
  let best = value;
  let tries = 0;
  for (let found = true; found;) {
    found = false;
    for (const candidate of simpler(best)) {
      if (++tries > TRIES) return best;
      if (!fails(candidate)) continue;
      best = candidate;
      found = true;
      break;
    }
  }
  return best;
}

/** Values that are one step simpler, the boldest first. */
export function* simpler(value: unknown): Generator {
  if (typeof value === "string") {
    if (value === "") return;
    yield "";
    if (value.length > 1) yield* [value.slice(0, Math.ceil(value.length / 2)), value.slice(1), value.slice(0, -1)];
    return;
  }
  if (typeof value === "number") {
    if (value !== 0) yield 0;
    if (value < 0) yield -value;
    if (!Number.isInteger(value)) yield Math.trunc(value);
    if (Math.abs(value) > 1) yield Math.trunc(value / 2);
    return;
  }
  if (Array.isArray(value)) {
    if (value.length > 1) yield [];
    for (const index of value.keys()) yield value.toSpliced(index, 1);
    for (const [index, element] of value.entries())
      for (const smaller of simpler(element)) yield value.with(index, smaller);
    return;
  }
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value))
    yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  for (const [key, member] of Object.entries(value))
    for (const smaller of simpler(member)) yield { ...value, [key]: smaller };
}
