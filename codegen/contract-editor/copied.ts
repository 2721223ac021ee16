/** The text of a value for a second place in the same document. */
import { type Document, isAlias, type Node, visit } from "yaml";
import { endOf, startOf } from "./own-place.ts";

/**
 * The text from `from` to the end of a value, fit to stand further down: a name is anchored once, so what the
 * original anchors is an alias in the copy.
 */
export function copiedText(document: Document.Parsed, text: string, value: Node, from: number): string {
  const cuts: { readonly from: number; readonly to: number; readonly instead: string }[] = [];
  visit(document, {
    Node(_, node) {
      if (isAlias(node) || !("anchor" in node) || node.anchor === undefined) return undefined;
      const start = startOf(node);
      if (start < startOf(value) || start >= endOf(value, text)) return undefined;
      const mark = text.lastIndexOf(`&${node.anchor}`, start);
      // The value itself may be anchored: its copy is a value of its own.
      if (node === value) cuts.push({ from: mark, to: mark + node.anchor.length + 1, instead: "" });
      else cuts.push({ from: mark, to: endOf(node, text), instead: `*${node.anchor}` });
      return node === value ? undefined : visit.SKIP;
    },
  });
  let copy = "";
  let done = from;
  for (const cut of cuts) {
    copy += text.slice(done, cut.from) + cut.instead;
    done = cut.to;
    // The blank between an anchor that is left out and its value.
    if (cut.instead === "" && text[done] === " ") done += 1;
  }
  return copy + text.slice(done, endOf(value, text));
}
