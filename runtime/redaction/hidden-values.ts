/** The values that no log line, answer or dead letter's reason may hold: secrets of the process, and those in hand. */
import { AsyncLocalStorage } from "node:async_hooks";

/** Shorter ones would hide half of every line. */
const SHORTEST_SECRET = 4;
/** Below it a number says nothing that a counter does not say too. */
const LEAST_NUMBER = 1_000;
/** A stranger's body must not make every line a search for thousands of texts. */
const MOST_VALUES = 1_000;

const secrets = new Set<string>();
const inHand = new AsyncLocalStorage<Set<string>>();

/** Hides a secret for as long as the process lives: a password, a key, a URL with a password in it. */
export function keepSecret(secret: string): void {
  const password = decoded(URL.parse(secret)?.password ?? "");
  for (const value of [secret, password]) if (value.length >= SHORTEST_SECRET) secrets.add(value);
}

/**
 * Runs work in which values can be hidden with {@link hide}: in everything that it awaits and starts, and nowhere else.
 */
export function hiding<T>(work: () => T): T {
  return inHand.run(new Set(inHand.getStore()), work);
}

/**
 * Hides what a value holds at some pointers, until the work that runs in {@link hiding} is over. Everything below is
 * hidden: texts, and numbers from 1000 on. Outside of such work it does nothing.
 *
 * @param pointers JSON pointers, `*` for every element and every property
 */
export function hide(pointers: readonly string[], value: unknown): void {
  const hidden = inHand.getStore();
  if (hidden === undefined) return;
  for (const pointer of pointers) {
    const path = pointer.split("/").slice(1);
    collect(
      value,
      path.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~")),
      hidden,
    );
  }
}

/** What is hidden here and now; the longest first, so that none is cut by a shorter one. */
export function hiddenValues(): readonly string[] {
  const hidden = inHand.getStore();
  const all = hidden === undefined || hidden.size === 0 ? secrets : new Set([...secrets, ...hidden]);
  return [...all].toSorted((a, b) => b.length - a.length);
}

function collect(value: unknown, [next, ...rest]: readonly string[], hidden: Set<string>): void {
  if (hidden.size >= MOST_VALUES) return;
  if (typeof value === "object" && value !== null) {
    const inside = next === undefined || next === "*" ? Object.values(value) : own(value, next);
    for (const one of inside) collect(one, rest, hidden);
  } else if (next === undefined) {
    if (typeof value === "string" && value !== "") hidden.add(value);
    if (typeof value === "number" && Math.abs(value) >= LEAST_NUMBER) hidden.add(String(value));
  }
}

function own(value: object, name: string): unknown[] {
  return Object.hasOwn(value, name) ? [Reflect.get(value, name)] : [];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
