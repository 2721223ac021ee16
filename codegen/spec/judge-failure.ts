/** What a document has on which the judge itself fails, as far as it is known. */
import { nodeAt, nodeFrom } from "./node.ts";
import { pointerOfRef, shownPlace, under, within } from "./pointer.ts";
import { references } from "./references.ts";
import type { Place } from "./report.ts";

/** Where the judge fails, and what to do about it. */
interface Failure {
  readonly place: Place;
  readonly message: string;
  readonly hint: string;
}

/** The first thing in a document on which the judge is known to fail. */
export function failureOf(document: unknown): Failure | undefined {
  return endlessReference(document) ?? hiddenMethod(document);
}

/**
 * The first reference by way of another one to what it is a part of. The judge puts a copy of what is meant in the place
 * of each, and one that leads on to another is not always known to it.
 */
function endlessReference(document: unknown): Failure | undefined {
  for (const { at, value, ref } of references(document)) {
    const target = pointerOfRef(ref);
    const found = nodeFrom(document, { at, value });
    if (target === undefined || found === undefined || !within(at, found.at)) continue;
    if (nodeAt(document, target)?.at === target) continue;
    return {
      place: under(at, "$ref"),
      message:
        "the AsyncAPI parser follows this reference without end: it leads to another, and on to what it stands in",
      hint: `Refer to ${shownPlace(found.at)} itself.`,
    };
  }
  return undefined;
}

/** The judge asks objects whether they have a member, by a method that a member of its name hides. */
const METHOD = "hasOwnProperty";

function hiddenMethod(document: unknown): Failure | undefined {
  const path = pathOfMember(document, METHOD);
  if (path === undefined) return undefined;
  return {
    place: { at: under("", ...path), side: "name" },
    message: `the AsyncAPI parser fails on a member that is called ${METHOD}`,
    hint: "Give it another name.",
  };
}

/** The way to the first member of a name. */
function pathOfMember(value: unknown, name: string): readonly string[] | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Object.hasOwn(value, name)) return [name];
  for (const [key, member] of Object.entries(value)) {
    const path = pathOfMember(member, name);
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}
