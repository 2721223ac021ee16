/** Hides the values that the contract marks as sensitive. */

/** What stands where a value was hidden. */
export const MASK = "***";

/** Short texts are in every sentence: hiding them would hide nothing and spoil the rest. */
const SHORTEST_SECRET = 4;

/**
 * The value with what the pointers name replaced. A body that is wrong may have a value elsewhere than it should be,
 * so a member of the same name is hidden wherever it stands.
 */
export function mask(value: unknown, pointers: readonly string[]): unknown {
  if (pointers.length === 0) return value;
  const { hides } = hider(pointers);
  return walk(value, [], (_, path) => hides(path));
}

/** The texts and numbers that `mask` would hide, for what quotes them. */
export function secretsIn(value: unknown, pointers: readonly string[]): readonly string[] {
  if (pointers.length === 0) return [];
  const { hides } = hider(pointers);
  const found = new Set<string>();
  walk(value, [], (inner, path) => {
    if (!hides(path)) return false;
    for (const text of leaves(inner)) if (text.length >= SHORTEST_SECRET) found.add(text);
    return true;
  });
  return [...found];
}

/** A text without the secrets in it. */
export function maskText(text: string, secrets: readonly string[]): string {
  return secrets
    .toSorted((a, b) => b.length - a.length)
    .reduce((hidden, secret) => hidden.replaceAll(secret, MASK), text);
}

/** Whether the value at a pointer is hidden, itself or as a part of something. */
export function isSensitive(pointer: string, pointers: readonly string[]): boolean {
  return pointers.some((hidden) => pointer === hidden || pointer.startsWith(`${hidden}/`));
}

function hider(pointers: readonly string[]): { hides(path: readonly string[]): boolean } {
  const patterns = pointers.map((pointer) =>
    pointer
      .split("/")
      .slice(1)
      .map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~")),
  );
  const names = new Set(patterns.flatMap((pattern) => pattern.at(-1) ?? []).filter((name) => name !== "*"));
  return {
    hides: (path) =>
      names.has(path.at(-1) ?? "") ||
      patterns.some(
        (pattern) =>
          pattern.length === path.length && pattern.every((token, place) => token === "*" || token === path[place]),
      ),
  };
}

function walk(
  value: unknown,
  path: readonly string[],
  hides: (value: unknown, path: readonly string[]) => boolean,
): unknown {
  if (hides(value, path)) return MASK;
  if (Array.isArray(value)) return value.map((item: unknown, index) => walk(item, [...path, String(index)], hides));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, [...path, name], hides)]));
}

function leaves(value: unknown): string[] {
  if (typeof value === "string" || typeof value === "number") return [String(value)];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leaves) : [];
}
