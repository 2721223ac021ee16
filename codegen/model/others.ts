/**
 * What the contract reads of other teams' documents, as documents of its own: their channels and all that these lead
 * to. It is written down beside the generated code, so that a later form can be compared with what code was made from,
 * wherever the documents come from.
 */
import { posix } from "node:path";
import { compareText } from "../diagnostic.ts";
import type { Contract } from "../spec/contract.ts";
import { isList, isObject, own } from "../spec/json.ts";
import { nodeAt } from "../spec/node.ts";
import { placeIn, type Pointer, pointerOfRef, shownFile, tokens, under } from "../spec/pointer.ts";

/** A part of another document. */
export interface OtherDocument {
  /** Its file, from the folder of the contract. */
  readonly file: string;
  readonly data: unknown;
}

/** Every document that an event is read from, and every file that those lead to, sorted by file. */
export function otherDocuments(contract: Contract): readonly OtherDocument[] {
  const document = contract.source.data;
  const kept = new Kept(document, posix.basename(contract.source.file));
  for (const { owner } of contract.channels) {
    if (owner === undefined || owner.channel === undefined) continue;
    const at = (...path: readonly string[]): Pointer => under("", owner.file, ...path);
    kept.follow(own(nodeAt(document, "/channels")?.value, tokens(owner.at).at(-1) ?? ""));
    for (const member of ["asyncapi", "x-tandem", "defaultContentType"]) kept.add(at(member));
    for (const member of ["title", "version"]) kept.add(at("info", member));
    // A step names a list of steps by its place, which is no reference.
    kept.add(at("components", "x-steps"));
    if (owner.stream !== undefined) kept.add(at("x-streams", owner.stream.name));
    // A channel that lists no servers is on all of them.
    if (own(nodeAt(document, at("channels", owner.channel))?.value, "servers") === undefined) kept.add(at("servers"));
  }
  return kept.files.map((file) => ({ file: shownFile(file), data: kept.cut(own(document, file), under("", file)) }));
}

/** Places of a joined document, each with everything inside it and everything that it leads to. */
class Kept {
  readonly #document: unknown;
  readonly #contract: string;
  readonly #places = new Set<Pointer>();

  /** @param contract The name of the contract's file. */
  constructor(document: unknown, contract: string) {
    this.#document = document;
    this.#contract = contract;
  }

  /** The other files that hold a place, sorted. */
  get files(): readonly string[] {
    return [...new Set([...this.#places].map((at) => placeIn(at).file))].toSorted(compareText);
  }

  /** Keeps a place of another file; the contract itself is kept where it is. */
  add(at: Pointer): void {
    if (placeIn(at).file === "" || this.#places.has(at)) return;
    let [around, value]: [Pointer, unknown] = ["", this.#document];
    for (const token of tokens(at)) {
      const ref = own(value, "$ref");
      if (typeof ref === "string") {
        // The way leads on elsewhere, where the rest of it is kept.
        this.add(around);
        const target = pointerOfRef(ref);
        const rest = tokens(at).slice(tokens(around).length);
        return target === undefined ? undefined : this.add(under(target, ...rest));
      }
      [around, value] = [under(around, token), own(value, token)];
    }
    if (value === undefined) return;
    this.#places.add(at);
    this.follow(value);
  }

  /** Keeps what a value leads to. */
  follow(value: unknown): void {
    if (typeof value !== "object" || value === null) return;
    const ref = own(value, "$ref");
    const target = typeof ref === "string" ? pointerOfRef(ref) : undefined;
    if (target !== undefined) this.add(target);
    for (const member of Object.values(value)) this.follow(member);
  }

  /** The part of a value that is kept, references as they are written in its own file. */
  cut(value: unknown, at: Pointer): unknown {
    if (this.#places.has(at)) return written(value, placeIn(at).file, this.#contract);
    if (!isObject(value)) return undefined;
    const members = Object.keys(value)
      .toSorted(compareText)
      .map((key) => [key, this.cut(value[key], under(at, key))] as const);
    const left = members.filter(([, member]) => member !== undefined);
    return left.length === 0 ? undefined : Object.fromEntries(left);
  }
}

/** A value with its members by name, and its references leading from its own file. */
function written(value: unknown, file: string, contract: string): unknown {
  if (isList(value)) return value.map((item) => written(item, file, contract));
  if (!isObject(value)) return value;
  const members = Object.keys(value)
    .toSorted(compareText)
    .map((key) => {
      const member = value[key];
      return [
        key,
        key === "$ref" && typeof member === "string"
          ? reference(member, file, contract)
          : written(member, file, contract),
      ];
    });
  return Object.fromEntries(members);
}

function reference(ref: string, from: string, contract: string): string {
  const target = pointerOfRef(ref);
  if (target === undefined) return ref;
  const { file, inside } = placeIn(target);
  const path = file === from ? "" : posix.relative(posix.dirname(from), file === "" ? contract : file);
  return encodeURI(`${path}#${inside}`);
}
