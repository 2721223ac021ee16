/** The words that name a version, and what the next one is called. */

/** `OrderCreatedV2` of `OrderCreatedV1`; a key that names no version is given one. */
export function nextKey(key: string, number: number): string {
  const next = key.replace(new RegExp(`([Vv])${number}$`), `$1${number + 1}`);
  return next === key ? `${key}V${number + 1}` : next;
}

/** A text with every mention of a version replaced by the next: `Order created, v2`. */
export function nextText(text: string, number: number): string {
  return text.replace(new RegExp(`(?<![A-Za-z0-9])([vV])${number}(?![A-Za-z0-9])`, "g"), `$1${number + 1}`);
}
