/** The module that all validators share: what Ajv and ajv-formats would have been required for. */
import { join, trusted, type Code } from "../print/code.ts";
import { checkedFormats } from "./formats.ts";

/** Where the shared module lies below the root of the generated files. */
export const HELPERS_PATH = "validation.js";

/** One function or expression of the shared module. */
export interface Helper {
  /** What the module exports it as. */
  readonly name: string;
  /** JavaScript that exports it. */
  readonly text: string;
  /** The other helpers that its text uses, by name. */
  readonly needs: readonly string[];
}

/** By the expression with which Ajv would load it. */
const ofAjv: ReadonlyMap<string, Helper> = new Map([
  [
    'require("ajv/dist/runtime/ucs2length").default',
    {
      name: "codePoints",
      needs: [],
      text: `export function codePoints(text) {
  let length = text.length;
  for (let i = 1; i < text.length; i++) {
    // The second half of a pair counts for nothing.
    if ((text.charCodeAt(i) & 0xfc00) === 0xdc00 && (text.charCodeAt(i - 1) & 0xfc00) === 0xd800) length--;
  }
  return length;
}`,
    },
  ],
  [
    'require("ajv/dist/runtime/equal").default',
    {
      name: "equal",
      needs: [],
      text: `export function equal(a, b) {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}`,
    },
  ],
]);

const byName: ReadonlyMap<string, Helper> = new Map(
  [...ofAjv.values(), ...[...checkedFormats.values()].map(({ helper }) => helper)].map((helper) => [
    helper.name,
    helper,
  ]),
);

/** The helper for something that Ajv would load. Throws on what we have no replacement for. */
export function ajvHelper(expression: string): Helper {
  const helper = ofAjv.get(expression);
  if (helper === undefined)
    throw new Error(`Ajv's code needs ${expression}, which has no replacement in ${HELPERS_PATH}`);
  return helper;
}

/** The shared module with these helpers and what they need, in alphabetical order. */
export function helpersModule(names: Iterable<string>): Code {
  const wanted = new Map<string, Helper>();
  const add = (name: string): void => {
    const helper = byName.get(name);
    if (helper === undefined || wanted.has(name)) return;
    wanted.set(name, helper);
    helper.needs.forEach(add);
  };
  for (const name of names) add(name);
  const ordered = [...wanted.keys()].toSorted().map((name) => wanted.get(name)?.text ?? "");
  return join(ordered.map(trusted), "\n\n");
}
