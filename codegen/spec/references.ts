/** Finds every `$ref` of a document. */
import { isObject, type JsonObject, own } from "./json.ts";
import { nodeFrom } from "./node.ts";
import { placeIn, type Pointer, pointerOfRef, under } from "./pointer.ts";

/** One reference as it is written. */
export interface Reference {
  /** The place of the object that holds the `$ref`. */
  readonly at: Pointer;
  readonly value: object;
  readonly ref: string;
}

/** Every `$ref`, wherever it is: readers of AsyncAPI follow them even inside examples. Of another file, what is used. */
export function references(document: unknown): readonly Reference[] {
  if (!isObject(document)) return [];
  const found = known.get(document) ?? find(document);
  known.set(document, found);
  return found;
}

/** Several checks follow the references of one document, and no document changes. */
const known = new WeakMap<object, readonly Reference[]>();

function find(document: JsonObject): readonly Reference[] {
  const found: Reference[] = [];
  const search = (value: object, at: Pointer, enters: (at: Pointer) => boolean): void => {
    const ref = own(value, "$ref");
    if (typeof ref === "string") found.push({ at, value, ref });
    const members: readonly (readonly [string, unknown])[] = Object.entries(value);
    for (const [key, member] of members) {
      if (typeof member !== "object" || member === null) continue;
      const inner = under(at, key);
      if (enters(inner)) search(member, inner, enters);
    }
  };
  // The root holds the other files beside what the contract itself says.
  search(document, "", (at) => at.includes("/", 1) || placeIn(at).file === "");
  // In other files two references may lead to the same place, or one to what is around another's.
  const searched = new Set<Pointer>();
  const entersOnce = (at: Pointer) => !searched.has(at) && searched.add(at).has(at);
  // The list grows while it is walked.
  for (const { at, value, ref } of found) {
    const target = pointerOfRef(ref);
    if (target === undefined || placeIn(target).file === "") continue;
    const there = nodeFrom(document, { at, value });
    if (typeof there?.value !== "object" || there.value === null || placeIn(there.at).file === "") continue;
    if (entersOnce(there.at)) search(there.value, there.at, entersOnce);
  }
  return found;
}
