/** Moves hand-written references from one version of an event to another: imports, and what uses them. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type { Identifier, SourceFile } from "ts-morph";
import { OpsError } from "../error.ts";

/** The names that the generated code has for one version. */
export interface VersionNames {
  /** The folder of the event in generated/events: `order-created`. */
  readonly directory: string;
  readonly number: number;
  readonly typeName: string;
  readonly constName: string;
}

/** One file, rewritten. */
export interface MovedFile {
  readonly path: string;
  readonly text: string;
  /** How many references it had. */
  readonly references: number;
}

/**
 * The files of a folder that name the older version's type or constant, with the newer one in its place. Writes nothing.
 * @throws OpsError when there is something to move and the project has no ts-morph to read it with
 */
export function moveReferences(folder: string, from: VersionNames, to: VersionNames): readonly MovedFile[] {
  const wanted = `events/${from.directory}/v${from.number}.ts`;
  const files = sourcesIn(folder).flatMap((path) => {
    const text = readFileSync(path, "utf8");
    return text.includes(wanted) ? [{ path, text }] : [];
  });
  if (files.length === 0) return [];
  const { Project } = loadTsMorph(files.map(({ path }) => path));
  const project = new Project({ useInMemoryFileSystem: true, skipLoadingLibFiles: true });
  return files.flatMap(({ path, text }) => {
    const moved = moveIn(project.createSourceFile(path, text, { overwrite: true }), text, from, to);
    return moved === undefined ? [] : [{ path, ...moved }];
  });
}

/** It brings a compiler along, so it is the project's own, and loaded when there is something to move. */
function loadTsMorph(files: readonly string[]): typeof import("ts-morph") {
  const load = createRequire(resolve("package.json"));
  try {
    const loaded: unknown = load("ts-morph");
    if (isTsMorph(loaded)) return loaded;
  } catch (cause) {
    throw new OpsError(
      `${files.join(", ")} refer to the version that was written so far, and ts-morph is not there to change that: ` +
        "npm install --save-dev ts-morph, or --services '' and change them by hand. Nothing was changed.",
      { cause },
    );
  }
  throw new OpsError("The ts-morph of this project cannot be used: install a newer one.");
}

function isTsMorph(loaded: unknown): loaded is typeof import("ts-morph") {
  return typeof loaded === "object" && loaded !== null && "Project" in loaded;
}

interface Splice {
  readonly at: number;
  readonly length: number;
  readonly instead: string;
}

function moveIn(
  source: SourceFile,
  text: string,
  from: VersionNames,
  to: VersionNames,
): Omit<MovedFile, "path"> | undefined {
  const splices: Splice[] = [];
  const names = new Map([
    [from.typeName, to.typeName],
    [from.constName, to.constName],
  ]);
  for (const declaration of source.getImportDeclarations()) {
    const specifier = declaration.getModuleSpecifier();
    const end = `events/${from.directory}/v${from.number}.ts`;
    if (!specifier.getLiteralText().endsWith(end)) continue;
    const start = specifier.getEnd() - 1 - `v${from.number}.ts`.length;
    splices.push({ at: start, length: `v${from.number}`.length, instead: `v${to.number}` });
    for (const named of declaration.getNamedImports()) {
      const instead = names.get(named.getName());
      if (instead === undefined) continue;
      const name = named.getNameNode();
      splices.push({ at: name.getStart(), length: name.getWidth(), instead });
      // What is imported under a name of its own keeps that name.
      if (named.getAliasNode() === undefined)
        splices.push(...usesOf(source, named.getName(), instead, name.getStart()));
    }
  }
  if (splices.length === 0) return undefined;
  const moved = splices
    .toSorted((a, b) => b.at - a.at)
    .reduce((done, { at, length, instead }) => done.slice(0, at) + instead + done.slice(at + length), text);
  return { text: moved, references: splices.length };
}

/** Every use of an imported name in its file. Generated names are unlikely enough that nothing shadows them. */
function usesOf(source: SourceFile, name: string, instead: string, imported: number): Splice[] {
  return source
    .getDescendants()
    .filter((node): node is Identifier => node.getKindName() === "Identifier" && node.getText() === name)
    .filter((node) => node.getStart() !== imported && !isMemberName(node))
    .map((node) => {
      const isShorthand = node.getParent()?.getKindName() === "ShorthandPropertyAssignment";
      return { at: node.getStart(), length: name.length, instead: isShorthand ? `${name}: ${instead}` : instead };
    });
}

/** `order.orderCreatedV1` and `{ orderCreatedV1: ... }` name members, and not what is imported. */
function isMemberName(node: Identifier): boolean {
  const before = node.getPreviousSibling()?.getText();
  if (before === "." || before === "?.") return true;
  const kind = node.getParent()?.getKindName() ?? "";
  // The name of a member stands before a sign; its value stands last.
  return (
    /^(?:Property|Method)(?:Assignment|Signature|Declaration)$/.test(kind) &&
    /^[:?(<=!]/.test(node.getNextSibling()?.getText() ?? "")
  );
}

function sourcesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /(?<!\.d)\.[cm]?ts$/.test(name) && !name.includes("node_modules"))
      .map((name) => join(folder, name))
      .toSorted();
  } catch {
    // A system whose services live elsewhere has nothing here to move.
    return [];
  }
}
