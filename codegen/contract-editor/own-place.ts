/** Finds what a document itself writes at a pointer, and how far its text reaches. */
import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { type Pointer, tokens, under } from "../spec/pointer.ts";

/** A member of a mapping, as it is written. */
export interface MemberPlace {
  readonly kind: "member";
  readonly parent: YAMLMap;
  readonly index: number;
  readonly key: Node;
  readonly value: Node | undefined;
}

/** An element of a list, as it is written. */
export interface ItemPlace {
  readonly kind: "item";
  readonly parent: YAMLSeq;
  readonly index: number;
  readonly value: Node;
}

/** What stands at a pointer: the place; the alias that the way leads through; or where the way ends. */
export type Found =
  | { readonly is: "place"; readonly place: MemberPlace | ItemPlace; readonly anchors: readonly string[] }
  | { readonly is: "alias"; readonly alias: Node; readonly at: Pointer }
  | {
      readonly is: "missing";
      readonly parent: Node | undefined;
      readonly at: Pointer;
      readonly anchors: readonly string[];
    };

/** Follows a pointer through what is written; merge keys and `$ref`s are not followed. */
export function findOwn(document: Document.Parsed, pointer: Pointer): Found {
  let node: Node | undefined = document.contents ?? undefined;
  let at: Pointer = "";
  let place: MemberPlace | ItemPlace | undefined;
  const anchors: string[] = [];
  for (const token of tokens(pointer)) {
    if (isAlias(node)) return { is: "alias", alias: node, at };
    if (node && "anchor" in node && node.anchor !== undefined) anchors.push(node.anchor);
    place = placeIn(node, token);
    if (place === undefined) return { is: "missing", parent: node, at, anchors };
    node = place.value;
    at = under(at, token);
  }
  return place === undefined ? { is: "missing", parent: node, at, anchors } : { is: "place", place, anchors };
}

/** Every member or element of a collection, as it is written. */
export function placesIn(parent: YAMLMap | YAMLSeq): (MemberPlace | ItemPlace)[] {
  return parent.items.flatMap((_, index) => {
    const place = isMap(parent) ? memberAt(parent, index) : itemAt(parent, index);
    return place ?? [];
  });
}

/** Where the text of a value ends: behind its last character, in front of a comment or line break that follows. */
export function endOf(node: Node, text: string): number {
  if (isMap(node) && node.flow !== true) {
    const last = memberAt(node, node.items.length - 1);
    if (last) return endOf(last.value ?? last.key, text);
  }
  if (isSeq(node) && node.flow !== true) {
    const last = itemAt(node, node.items.length - 1);
    if (last) return endOf(last.value, text);
  }
  let end = node.range?.[1] ?? 0;
  if (isScalar(node) && node.type?.startsWith("BLOCK")) while (/[\r\n]/.test(text[end - 1] ?? "")) end -= 1;
  return end;
}

/** Where the text of a value begins, behind its anchor. */
export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function placeIn(parent: Node | undefined, token: string): MemberPlace | ItemPlace | undefined {
  if (isSeq(parent)) return /^(0|[1-9]\d*)$/.test(token) ? itemAt(parent, Number(token)) : undefined;
  if (!isMap(parent)) return undefined;
  return memberAt(
    parent,
    parent.items.findIndex(({ key }) => isScalar(key) && String(key.value) === token),
  );
}

function memberAt(parent: YAMLMap, index: number): MemberPlace | undefined {
  const pair: Pair | undefined = parent.items[index];
  if (!isPair(pair) || !isWritten(pair.key)) return undefined;
  return { kind: "member", parent, index, key: pair.key, value: isWritten(pair.value) ? pair.value : undefined };
}

function itemAt(parent: YAMLSeq, index: number): ItemPlace | undefined {
  const value = parent.items[index];
  return isWritten(value) ? { kind: "item", parent, index, value } : undefined;
}

function isWritten(value: unknown): value is Node {
  return isScalar(value) || isAlias(value) || isMap(value) || isSeq(value);
}
