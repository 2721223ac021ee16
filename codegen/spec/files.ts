/**
 * The files of a contract as one document. What another file says lies at the root under the file's name, which
 * begins with a dot as no member of AsyncAPI does, and every `$ref` leads there: `./common.yaml#/schemas/Id` becomes
 * `#/.~1common.yaml/schemas/Id`. So a pointer names a place in any of the files.
 */
import { posix } from "node:path";
import type { Diagnostic } from "../diagnostic.ts";
import type { Known } from "./graft.ts";
import { isObject, own } from "./json.ts";
import { fileName, placeIn, under } from "./pointer.ts";
import { readSource, type Source } from "./source.ts";

/** Reads the text of a file by its path, as the path of the contract is written; undefined when there is none. */
export type ReadFile = (path: string) => Promise<string | undefined>;

/** Names of files that hold data; what else is referred to (`.proto`, `.raml`) is text. */
const DATA = /\.(ya?ml|json|avsc|asyncapi)$|(^|\/)[^./]+$/i;

/** More is no contract but a loop of machines. */
const MAX_FILES = 500;

/** A contract with the files that it refers to, and what is wrong with their texts. */
export interface Linked {
  readonly source: Source;
  readonly faults: readonly Diagnostic[];
}

/** The latest texts of files that were read without faults, by path: of the next ones only what changed is read. */
export type KnownFiles = Map<string, Known>;

/**
 * Reads a contract with the files that it refers to, and what those refer to.
 * @param known What was read before, which what is read now is added to.
 */
export async function readFiles(
  file: string,
  text: string,
  read: ReadFile = async () => undefined,
  known: KnownFiles = new Map(),
): Promise<Linked> {
  const { source, faults } = readSource(file, text, known.get(file));
  if (faults.length > 0) return { source, faults };
  known.set(file, source);
  return await link(source, read);
}

async function link(root: Source, read: ReadFile): Promise<Linked> {
  const contract = toSlashes(root.file);
  const refs = new Refs(posix.basename(contract));
  const files = new Map<string, Source>();
  const faults: Diagnostic[] = [];
  const waiting = refs.filesIn(root.data, "");
  if (waiting.length === 0) return { source: root, faults };
  for (const name of waiting) {
    if (files.has(name) || files.size >= MAX_FILES) continue;
    const path = posix.isAbsolute(name) ? name : posix.join(posix.dirname(contract), name);
    const text = await read(path);
    if (text === undefined) continue;
    const { source, faults: found } = DATA.test(name) ? readSource(path, text) : textSource(path, text);
    faults.push(...found);
    files.set(name, source);
    waiting.push(...refs.filesIn(source.data, name));
  }
  return { source: joined(root, files, refs), faults };
}

function joined(root: Source, files: ReadonlyMap<string, Source>, refs: Refs): Source {
  const data = refs.relink(root.data, "");
  const others = [...files].map(([name, source]) => [name, refs.relink(source.data, name)] as const);
  return {
    ...root,
    data: isObject(data) ? { ...data, ...Object.fromEntries(others) } : data,
    texts: new Map([...root.texts, ...[...files.values()].flatMap(({ texts }) => [...texts])]),
    locate(at, side) {
      const { file, inside } = placeIn(at);
      return files.get(file)?.locate(inside, side) ?? root.locate(file === "" ? inside : "", side);
    },
  };
}

function textSource(file: string, text: string): Linked {
  const start = { file, line: 1, col: 1, endLine: 1, endCol: 1 };
  return { source: { file, text, data: text, texts: new Map([[file, text]]), locate: () => start }, faults: [] };
}

/** References as they are written, and as they lead inside the joined document. */
class Refs {
  readonly #contract: string;

  /** @param contract The name of the file of the contract, which other files may refer back to. */
  constructor(contract: string) {
    this.#contract = `./${contract}`;
  }

  /** The files that a value in a file refers to, by the name that they have in the joined document. */
  filesIn(data: unknown, from: string): string[] {
    const found = new Set<string>();
    const search = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      const name = this.#fileOf(own(value, "$ref"), from);
      if (name !== undefined && name !== "") found.add(name);
      Object.values(value).forEach(search);
    };
    search(data);
    return [...found];
  }

  /** The value with every `$ref` leading to where its target lies in the joined document. */
  relink(value: unknown, from: string): unknown {
    if (Array.isArray(value)) return value.map((item: unknown) => this.relink(item, from));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [
        key,
        key === "$ref" && typeof member === "string" ? this.#inside(member, from) : this.relink(member, from),
      ]),
    );
  }

  #inside(ref: string, from: string): string {
    const file = this.#fileOf(ref, from);
    if (file === undefined) return ref;
    const hash = ref.indexOf("#");
    const pointer = hash < 0 ? "" : ref.slice(hash + 1);
    // What is no pointer stays as it is, and is reported where it stands.
    if (pointer !== "" && !pointer.startsWith("/")) return ref;
    return file === "" ? `#${pointer}` : `#${encodeURI(under("", file))}${pointer}`;
  }

  /** The file that a reference in a file leads to, empty for the contract; undefined when it leads to no file. */
  #fileOf(ref: unknown, from: string): string | undefined {
    if (typeof ref !== "string" || /^([a-z][a-z0-9+.-]+:|\/\/)/i.test(ref)) return undefined;
    const hash = ref.indexOf("#");
    const path = decoded(toSlashes(hash < 0 ? ref : ref.slice(0, hash)));
    if (path === "") return from;
    const name = posix.isAbsolute(path) ? path : posix.join(posix.dirname(from), path);
    const file = fileName(name);
    return file === this.#contract ? "" : file;
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function toSlashes(path: string): string {
  return path.replaceAll("\\", "/");
}
