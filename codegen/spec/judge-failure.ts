/** What a document has on which the judge itself fails, as far as it is known. */
import { nodeAt, nodeFrom } from "./node.ts";
import { type Pointer, pointerOfRef, shownPlace, under, within } from "./pointer.ts";
import { references } from "./references.ts";

/** A reference that the judge follows without end. */
interface EndlessReference {
  readonly at: Pointer;
  readonly hint: string;
}

/**
 * The first reference by way of another one to what it is a part of. The judge puts a copy of what is meant in the place
 * of each, and one that leads on to another is not always known to it.
 */
export function endlessReference(document: unknown): EndlessReference | undefined {
  for (const { at, value, ref } of references(document)) {
    const target = pointerOfRef(ref);
    const found = nodeFrom(document, { at, value });
    if (target === undefined || found === undefined || !within(at, found.at)) continue;
    if (nodeAt(document, target)?.at === target) continue;
    return { at: under(at, "$ref"), hint: `Refer to ${shownPlace(found.at)} itself.` };
  }
  return undefined;
}
