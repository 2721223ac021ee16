/** A cursor over a document: a value with its place, reached through `$ref`s and traits. */
import { isObject, own } from "./json.ts";
import { lastToken, type Pointer, pointerOfRef, tokens, under } from "./pointer.ts";

/** One value of a document. */
export interface Node {
  /** The whole document, for following `$ref`s. */
  readonly document: unknown;
  /** Where the value stands, `$ref`s followed. */
  readonly at: Pointer;
  /** Where it was asked for: the place of the `$ref` when there was one. */
  readonly via: Pointer;
  readonly value: unknown;
}

/** The document itself. */
export function rootOf(document: unknown): Node {
  return { document, at: "", via: "", value: document };
}

/** The value at a pointer, `$ref`s on the way and at the end followed; undefined when there is none. */
export function nodeAt(document: unknown, pointer: Pointer): Node | undefined {
  const found = follow(document, pointer, { hops: 0 });
  return found === undefined ? undefined : { document, at: found.at, via: pointer, value: found.value };
}

/** A value whose place is known, `$ref` followed: without the way from the root. */
export function nodeFrom(document: unknown, { at, value }: Found): Node | undefined {
  const found = dereference(document, { at, value }, { hops: 0 });
  return found === undefined ? undefined : { document, at: found.at, via: at, value: found.value };
}

/** A member or element, `$ref` followed. */
export function child(node: Node, ...path: readonly (string | number)[]): Node | undefined {
  const { document, at } = node;
  const found = descend(document, node, path, { hops: 0 });
  return found === undefined ? undefined : { document, at: found.at, via: under(at, ...path), value: found.value };
}

/** The members of a mapping or elements of a list with their keys, `$ref`s followed; dangling ones left out. */
export function children(node: Node | undefined): [key: string, node: Node][] {
  if (node === undefined || typeof node.value !== "object" || node.value === null) return [];
  return Object.keys(node.value).flatMap((key) => {
    const found = child(node, key);
    return found === undefined ? [] : [[key, found] as [string, Node]];
  });
}

/** The node and its traits, the one that wins first: own words before traits, later traits before earlier ones. */
export function withTraits(node: Node): readonly Node[] {
  const traits = children(child(node, "traits")).map(([, trait]) => trait);
  return [node, ...traits.toReversed()];
}

/** What the first of several layers says at a path. Members of one object may come from several layers. */
export function said(layers: readonly Node[], ...path: readonly string[]): Node | undefined {
  for (const layer of layers) {
    const found = child(layer, ...path);
    if (found !== undefined && found.value !== undefined) return found;
  }
  return undefined;
}

/** The schema itself where it also says in which language it is written. */
export function schemaIn(node: Node | undefined): Node | undefined {
  const seen = new Set<Pointer>();
  let found = node;
  while (found !== undefined && typeof own(found.value, "schemaFormat") === "string") {
    // One that leads back to itself is none.
    if (seen.has(found.at)) return undefined;
    seen.add(found.at);
    found = child(found, "schema");
  }
  return found;
}

/** The node's text, or undefined when it is none. */
export function text(node: Node | undefined): string | undefined {
  return typeof node?.value === "string" ? node.value : undefined;
}

/** The key under which the value is defined. */
export function definedAs(node: Node): string {
  return lastToken(node.at);
}

interface Found {
  readonly at: Pointer;
  readonly value: unknown;
}

/** References that are followed to get to one place; more lead in a circle. */
const MOST_HOPS = 100;

/** Counts references. A place may be passed twice on the way to another: through a channel to a message of it. */
interface Journey {
  hops: number;
}

/** What was found in a document, by pointer: the same places are asked for again and again, and no document changes. */
const places = new WeakMap<object, Map<Pointer, Found>>();

function follow(document: unknown, pointer: Pointer, journey: Journey): Found | undefined {
  if (!isObject(document)) return walkTo(document, pointer, journey);
  const known = places.get(document) ?? new Map<Pointer, Found>();
  places.set(document, known);
  const place = known.get(pointer) ?? walkTo(document, pointer, journey);
  // What was not found may be found on another journey.
  if (place !== undefined) known.set(pointer, place);
  return place;
}

function walkTo(document: unknown, pointer: Pointer, journey: Journey): Found | undefined {
  return descend(document, { at: "", value: document }, tokens(pointer), journey);
}

function descend(
  document: unknown,
  from: Found,
  path: readonly (string | number)[],
  journey: Journey,
): Found | undefined {
  let found: Found | undefined = from;
  for (const token of path) {
    found = dereference(document, found, journey);
    const value = own(found?.value, String(token));
    if (found === undefined || value === undefined) return undefined;
    found = { at: under(found.at, token), value };
  }
  return dereference(document, found, journey);
}

/** Follows a chain of `$ref`s; undefined when it leads nowhere, out of the document, or in a circle. */
function dereference(document: unknown, found: Found | undefined, journey: Journey): Found | undefined {
  if (found === undefined) return undefined;
  const ref = isObject(found.value) ? own(found.value, "$ref") : undefined;
  if (typeof ref !== "string") return found;
  const target = pointerOfRef(ref);
  if (target === undefined || ++journey.hops > MOST_HOPS) return undefined;
  return follow(document, target, journey);
}
