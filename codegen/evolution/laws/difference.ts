/** Where two payloads differ. */
import { under, tokens } from "../../spec/pointer.ts";

/** One place that does not hold the same in both, `*` for every element. */
export interface Difference {
  readonly path: string;
  /** Undefined where it is absent. */
  readonly before: unknown;
  readonly after: unknown;
}

/** Every difference; objects and lists are compared part by part. */
export function differences(before: unknown, after: unknown, path = ""): readonly Difference[] {
  if (before === after) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((element, index) => differences(element, after[index], under(path, "*")));
  }
  if (isMapping(before) && isMapping(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) => differences(member(before, name), member(after, name), under(path, name)));
  }
  return [{ path, before, after }];
}

/** Whether a loss that is declared at one path explains a difference at another: at it, or inside. */
export function explains(declared: string, path: string): boolean {
  const [outer, inner] = [tokens(declared), tokens(path)];
  return outer.every((token, depth) => inner[depth] === token);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function member(value: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
