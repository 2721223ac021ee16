/** Tells whose a channel is: the contract's own, or that of another document that the contract refers to. */
import type { OwnerSpec } from "../contract.ts";
import { isOurs } from "../extensions.ts";
import { own } from "../json.ts";
import { child, type Node, nodeAt, text } from "../node.ts";
import { lastToken, parent, placeIn, type Pointer, pointerOfRef, tokens, under } from "../pointer.ts";
import { readStreams } from "./servers.ts";

/** More references lead in a circle. */
const MOST_HOPS = 100;

/**
 * The document that owns a channel of the contract; undefined when the contract does. What stands in a file that is no
 * document of its own (a part that was put elsewhere) belongs to the document that refers to it.
 */
export function readOwner(channel: Node): OwnerSpec | undefined {
  const { file, at } = ownerOf(channel.document, channel.via);
  const document = file === "" ? undefined : nodeAt(channel.document, under("", file));
  if (document === undefined) return undefined;
  const [kind, key, ...more] = tokens(placeIn(at).inside);
  const stream = text(child(channel, "x-stream"));
  return {
    file,
    title: text(child(document, "info", "title")) ?? file,
    ours: isOurs(document.value),
    channel: kind === "channels" && more.length === 0 ? key : undefined,
    stream: readStreams(document).find(({ name }) => name === stream),
    versions: [],
    at: channel.via,
  };
}

/** The last document that a chain of references leads through, empty for the contract, and where it enters that. */
export function ownerOf(document: unknown, start: Pointer): { readonly file: string; readonly at: Pointer } {
  let owner = { file: placeIn(start).file, at: start };
  let at = start;
  for (let hops = 0; hops < MOST_HOPS; hops += 1) {
    const written = own(nodeAt(document, parent(at))?.value, lastToken(at));
    const ref = own(written, "$ref");
    const target = typeof ref === "string" ? pointerOfRef(ref) : undefined;
    if (target === undefined) return owner;
    const { file } = placeIn(target);
    if (file === "" || isDocument(own(document, file))) owner = file === owner.file ? owner : { file, at: target };
    at = target;
  }
  return owner;
}

/** Whether a file is an AsyncAPI document, and not merely a part of one. */
function isDocument(data: unknown): boolean {
  return typeof own(data, "asyncapi") === "string";
}
