/** Checks that every `$ref` leads to a place in the document, and to the kind of thing that stands there. */
import { meant } from "../suggest.ts";
import { isObject, own } from "./json.ts";
import { nodeAt, nodeFrom } from "./node.ts";
import { lastToken, parent, placeIn, type Pointer, pointerOfRef, shownPlace, under } from "./pointer.ts";
import { type Reference, references } from "./references.ts";
import type { Report } from "./report.ts";
import { type Kind, placedKinds } from "./walk.ts";

/**
 * Reports references that lead out, nowhere, in a circle, or to the wrong kind of thing.
 * @returns The places that a wrong reference made something else of; what is found wrong there is its consequence.
 */
export function checkRefs(document: unknown, report: Report): readonly Pointer[] {
  const kinds = placedKinds(document);
  const misled: Pointer[] = [];
  for (const { at, value, ref } of references(document)) {
    const place = under(at, "$ref");
    const target = pointerOfRef(ref);
    if (target === undefined) {
      reportOutside(ref, place, report);
      continue;
    }
    const found = nodeFrom(document, { at, value });
    if (found === undefined) {
      reportDangling(document, { at, ref }, target, kinds.get(at), report);
      continue;
    }
    const wanted = kinds.get(at);
    const got = kinds.get(found.at);
    if (wanted === undefined || wanted === got || wanted === "other") continue;
    if (wanted === "schema" && typeof found.value === "boolean") continue;
    if (wanted === "schema" && got === "multi-format schema" && (isWhole(at, kinds) || !report.strict)) continue;
    const message = `${article(wanted)} is wanted here, and ${quoted(ref)} is ${got === undefined ? "none" : article(got)}`;
    report.fault("REF_KIND", place, message, whereTo(wanted));
    if (!report.strict) continue;
    misled.push(found.at, at);
    // The messages of an operation are looked for in its channel.
    if (wanted === "channel") misled.push(parent(at));
  }
  return misled;
}

/** Whether a schema is the whole payload or headers of a message, which alone may say in which language they are written. */
function isWhole(at: Pointer, kinds: ReadonlyMap<Pointer, Kind>): boolean {
  const around = kinds.get(parent(at));
  return around === "message" || around === "message trait";
}

/** A reference to the network, or to what is no JSON pointer. */
function reportOutside(ref: string, place: Pointer, report: Report): void {
  if (/^([a-z][a-z0-9+.-]+:)?\/\//i.test(ref)) {
    const hint = "Nothing is fetched while code is generated: copy what it names into a file beside the contract.";
    report.error("REF_EXTERNAL_UNSUPPORTED", place, `"${ref}" leads to the network`, hint);
    return;
  }
  const hint =
    "Write a JSON pointer, such as #/components/schemas/Order, with the name of a file before it if need be.";
  report.error("REF_UNRESOLVED", place, `"${ref}" names no place`, hint);
}

function reportDangling(
  document: unknown,
  { at, ref }: Omit<Reference, "value">,
  target: Pointer,
  kind: Kind | undefined,
  report: Report,
): void {
  const place = under(at, "$ref");
  if (isWritten(document, target)) {
    // Otherwise it leads on to a reference that is reported by itself.
    if (isCircle(document, at)) {
      const [code, message] = ["REF_UNRESOLVED", `${quoted(ref)} leads back to itself`] as const;
      // AsyncAPI takes a schema that is nothing but itself for any schema, and does not care in bindings and the like.
      if (kind === "schema" || kind === undefined) report.fault(code, place, message, "Let it lead to a value.");
      else report.error(code, place, message, "Let it lead to a value.");
    }
    return;
  }
  const { file } = placeIn(target);
  if (file !== "" && own(document, file) === undefined) {
    report.error(
      "REF_UNRESOLVED",
      place,
      `the file ${file} cannot be read`,
      placeForgotten(document, file) ?? "Files are named from the one that refers to them.",
    );
    return;
  }
  let around = parent(target);
  let missing = target;
  while (around !== "" && nodeAt(document, around) === undefined) [missing, around] = [around, parent(around)];
  // What is there, but leads nowhere itself, is reported by itself.
  if (isWritten(document, missing)) return;
  // The messages of an operation are looked for in its channel, whose own reference is reported.
  const channel = own(own(nodeAt(document, parent(parent(at)))?.value, "channel"), "$ref");
  if (missing !== target && typeof channel === "string" && pointerOfRef(channel) === missing) return;
  const value = nodeAt(document, around)?.value;
  const there = isObject(value) ? Object.keys(value) : [];
  const name = lastToken(missing);
  report.error(
    "REF_UNRESOLVED",
    place,
    `${quoted(ref)} does not exist: ${shownPlace(around)} has no ${name}`,
    meant(name, there),
  );
}

/** The hint for what names a file, and would be a place of the document with `#/` before it. */
function placeForgotten(document: unknown, file: string): string | undefined {
  const inside = file.replace(/^[./]+/, "");
  return nodeAt(document, `/${inside}`) === undefined ? undefined : `Did you mean #/${inside}?`;
}

/** Whether something is written at a place, whatever it leads to. */
function isWritten(document: unknown, pointer: Pointer): boolean {
  return own(nodeAt(document, parent(pointer))?.value, lastToken(pointer)) !== undefined;
}

/** Whether following the reference at a place leads to the same place. */
function isCircle(document: unknown, start: Pointer): boolean {
  const seen = new Set<Pointer>();
  for (let at = start; !seen.has(at);) {
    seen.add(at);
    const holder = nodeAt(document, parent(at));
    const ref = own(own(holder?.value, lastToken(at)), "$ref");
    const target = typeof ref === "string" ? pointerOfRef(ref) : undefined;
    if (target === undefined) return false;
    if (target === start) return true;
    at = target;
  }
  return false;
}

/** A reference as it is written, as far as that is known. */
function quoted(ref: string): string {
  const target = pointerOfRef(ref);
  return JSON.stringify(target === undefined || placeIn(target).file === "" ? ref : shownPlace(target));
}

function article(kind: Kind): string {
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

function whereTo(kind: Kind): string {
  if (kind === "channel") return "Channels stand in #/channels.";
  if (kind === "message") return "Messages stand in #/components/messages, and in the channels that carry them.";
  if (kind === "schema") return "Schemas stand in #/components/schemas.";
  if (kind === "parameter") return "Parameters stand in #/components/parameters.";
  if (kind === "operation trait") return "Operation traits stand in #/components/operationTraits.";
  if (kind === "message trait") return "Message traits stand in #/components/messageTraits.";
  return "";
}
