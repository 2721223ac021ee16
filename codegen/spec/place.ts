/** Where a JSON pointer stands in a YAML document. */
import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
} from "yaml";
import { type Pointer, tokens } from "./pointer.ts";
import type { Side } from "./source.ts";

type Offsets = readonly [from: number, to: number];

/**
 * The offsets of a value or of its key. Through an alias the walk goes on inside the anchor; an alias that is itself
 * the value is found where it is used. A place that does not exist is found as the nearest one around it.
 */
export function findPlace(document: Document.Parsed, at: Pointer, side: Side): Offsets {
  let name: Node | undefined;
  let value: Node | undefined = isNode(document.contents) ? document.contents : undefined;
  for (const token of tokens(at)) {
    const pair = memberOf(resolved(document, value), token, document);
    // What is missing is reported at what it is missing from.
    if (pair === undefined) return offsets(name ?? firstKey(value) ?? value);
    name = pair.name;
    value = pair.value;
  }
  const wantsName = side === "name" || (side === "auto" && (value === undefined || isCollection(value)));
  return offsets(wantsName ? (name ?? firstKey(value) ?? value) : (value ?? name));
}

interface Member {
  readonly name: Node | undefined;
  readonly value: Node | undefined;
}

function memberOf(collection: Node | undefined, token: string, document: Document.Parsed): Member | undefined {
  if (isSeq(collection)) {
    const item = /^(0|[1-9]\d*)$/.test(token) ? collection.items[Number(token)] : undefined;
    return isNode(item) ? { name: undefined, value: item } : undefined;
  }
  if (!isMap(collection)) return undefined;
  for (const pair of collection.items) {
    if (keyText(pair) === token) return { name: nodeOf(pair.key), value: nodeOf(pair.value) };
  }
  for (const pair of collection.items) {
    if (keyText(pair) !== "<<") continue;
    const merged = resolved(document, nodeOf(pair.value));
    const sources = isSeq(merged) ? merged.items.map((item) => resolved(document, nodeOf(item))) : [merged];
    for (const source of sources) {
      const found = memberOf(source, token, document);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function resolved(document: Document.Parsed, node: Node | undefined): Node | undefined {
  return isAlias(node) ? node.resolve(document) : node;
}

function keyText({ key }: Pair): string | undefined {
  if (!isScalar(key)) return undefined;
  // The reader gives a merge key the symbol of its name.
  return typeof key.value === "symbol" ? key.value.description : String(key.value);
}

function nodeOf(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined;
}

/** What stands for a mapping that has no name, such as an element of a list: its first key, or what it refers to. */
function firstKey(node: Node | undefined): Node | undefined {
  if (!isMap(node)) return undefined;
  const first = node.items[0];
  if (!isPair(first)) return undefined;
  return keyText(first) === "$ref" ? nodeOf(first.value) : nodeOf(first.key);
}

function offsets(node: Node | undefined): Offsets {
  return node?.range ? [node.range[0], node.range[1]] : [0, 0];
}
