/** The source files of a repository, and where a name in one of them was declared. Reads the syntax only. */
import { posix } from "node:path";
import { Node, Project, ScriptKind, type SourceFile } from "ts-morph";

/** The extensions that an import may leave out or say in their compiled form. */
const ENDINGS = ["", ".ts", ".mts", ".js", ".mjs", "/index.ts"];
const COMPILED = /\.([cm]?)js$/;

/** All exports of a module, by name: what they lead to. */
export type Exports = ReadonlyMap<string, Node>;

/** Files that know each other by their imports. Parses a file when it is first asked for. */
export class SourceTree {
  readonly #files: ReadonlyMap<string, string>;
  readonly #aliases: Readonly<Record<string, string>>;
  readonly #parsed = new Map<string, SourceFile>();
  // No lib, no tsconfig, no resolution: a parser is all that is wanted of the compiler.
  readonly #project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
    compilerOptions: { allowJs: true },
  });

  /**
   * @param files Text by path from the root, with forward slashes.
   * @param aliases What the subpath imports of package.json stand for, by prefix: `{ "#generated/": "generated/" }`.
   */
  constructor(files: ReadonlyMap<string, string>, aliases: Readonly<Record<string, string>>) {
    this.#files = files;
    this.#aliases = aliases;
  }

  /** The file of a path from the root; undefined when there is none. */
  file(path: string): SourceFile | undefined {
    const known = this.#parsed.get(path);
    if (known !== undefined) return known;
    const text = this.#files.get(path);
    if (text === undefined) return undefined;
    const scriptKind = path.endsWith("x") ? ScriptKind.TSX : ScriptKind.TS;
    const file = this.#project.createSourceFile(`/${path}`, text, { scriptKind });
    this.#parsed.set(path, file);
    return file;
  }

  /** The path from the root of the file that a node stands in. */
  pathOf(node: Node): string {
    return node.getSourceFile().getFilePath().slice(1);
  }

  /** The path of the module that an import names; undefined for one that is not among the files. */
  resolve(from: string, specifier: string): string | undefined {
    const alias = Object.keys(this.#aliases).find((prefix) => specifier.startsWith(prefix));
    const path = specifier.startsWith(".")
      ? posix.join(posix.dirname(from), specifier)
      : alias === undefined
        ? undefined
        : posix.join(this.#aliases[alias] ?? "", specifier.slice(alias.length));
    if (path === undefined) return undefined;
    const candidates = [...ENDINGS.map((ending) => path + ending), path.replace(COMPILED, ".$1ts")];
    return candidates.find((candidate) => this.#files.has(candidate));
  }

  /**
   * What a name stands for where it is used: the declaration, followed through imports; the source file for
   * `import * as name`. Undefined for parameters, and for what other packages declare.
   */
  declarationOf(name: string, at: Node): Node | undefined {
    for (const scope of at.getAncestors()) {
      if (Node.isParametered(scope) && scope.getParameters().some((parameter) => parameter.getName() === name)) {
        return undefined;
      }
      if (!Node.isStatemented(scope)) continue;
      const local = declaredIn(scope, name);
      if (local !== undefined) return local;
    }
    return this.#imported(at.getSourceFile(), name);
  }

  /** The exports of a module, with those that it passes on. */
  exportsOf(path: string, entered: ReadonlySet<string> = new Set()): Exports {
    const file = this.file(path);
    const exports = new Map<string, Node>();
    if (file === undefined || entered.has(path)) return exports;
    const within = new Set([...entered, path]);
    for (const declaration of file.getExportDeclarations()) {
      this.#passedOn(path, declaration, within).forEach((node, name) => exports.set(name, node));
    }
    for (const statement of file.getStatements()) {
      if (Node.isExportAssignment(statement)) exports.set("default", statement.getExpression());
      else if (Node.isVariableStatement(statement) && statement.isExported()) {
        statement.getDeclarations().forEach((declaration) => exports.set(declaration.getName(), declaration));
      } else if (Node.isExportable(statement) && Node.hasName(statement) && statement.isExported()) {
        exports.set(statement.isDefaultExport() ? "default" : statement.getName(), statement);
      }
    }
    return exports;
  }

  #passedOn(path: string, declaration: Node, entered: ReadonlySet<string>): Exports {
    if (!Node.isExportDeclaration(declaration)) return new Map();
    const specifier = declaration.getModuleSpecifierValue();
    const named = declaration.getNamedExports();
    if (specifier === undefined) {
      return new Map(
        named.flatMap((each) => {
          const target = this.declarationOf(each.getName(), each);
          return target === undefined ? [] : [[each.getAliasNode()?.getText() ?? each.getName(), target] as const];
        }),
      );
    }
    const module = this.resolve(path, specifier);
    if (module === undefined) return new Map();
    const namespace = declaration.getNamespaceExport()?.getName();
    const file = this.file(module);
    if (namespace !== undefined) return file === undefined ? new Map() : new Map([[namespace, file]]);
    const all = this.exportsOf(module, entered);
    if (named.length === 0) return new Map([...all].filter(([name]) => name !== "default"));
    return new Map(
      named.flatMap((each) => {
        const target = all.get(each.getName());
        return target === undefined ? [] : [[each.getAliasNode()?.getText() ?? each.getName(), target] as const];
      }),
    );
  }

  #imported(file: SourceFile, name: string): Node | undefined {
    for (const declaration of file.getImportDeclarations()) {
      const module = this.resolve(this.pathOf(file), declaration.getModuleSpecifierValue());
      if (module === undefined) continue;
      if (declaration.getNamespaceImport()?.getText() === name) return this.file(module);
      if (declaration.getDefaultImport()?.getText() === name) return this.exportsOf(module).get("default");
      const named = declaration
        .getNamedImports()
        .find((each) => (each.getAliasNode()?.getText() ?? each.getName()) === name);
      if (named !== undefined) return this.exportsOf(module).get(named.getName());
    }
    return undefined;
  }
}

function declaredIn(scope: Node, name: string): Node | undefined {
  if (!Node.isStatemented(scope)) return undefined;
  return (
    scope.getVariableDeclaration(name) ??
    scope.getFunction(name) ??
    scope.getClass(name) ??
    scope.getInterface(name) ??
    scope.getTypeAlias(name)
  );
}
