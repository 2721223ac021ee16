/** Every import of a source file, in whichever form it is written. Reads the syntax only: no types, no disk. */
import { Node, Project, ScriptKind, SyntaxKind } from "ts-morph";

/** One place where a file names another module. Lines and columns count from 1. */
export interface ImportSite {
  /** What stands between the quotes; undefined for `import(expression)`. */
  readonly specifier: string | undefined;
  /** Whether nothing of it is left at run time. `import { type T }` still loads its module. */
  readonly typesOnly: boolean;
  readonly line: number;
  readonly col: number;
  /** How many characters of the line it takes, the quotes included. */
  readonly width: number;
}

/** Finds the imports of many files. One reader may be used for a whole tree. */
export class ImportReader {
  // No lib, no tsconfig, no resolution: a parser is all that is wanted of the compiler.
  readonly #project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipFileDependencyResolution: true,
    compilerOptions: { allowJs: true },
  });

  /** @param text The file's own text; nothing is read from the disk. */
  read(text: string): ImportSite[] {
    const file = this.#project.createSourceFile("read.ts", text, { overwrite: true, scriptKind: ScriptKind.TS });
    const sites: ImportSite[] = [];
    file.forEachDescendant((node) => {
      const found = importAt(node);
      if (!found) return;
      const { line, column } = file.getLineAndColumnAtPos(found.place.getStart());
      const width = found.place.getText().split("\n", 1)[0]?.length ?? 1;
      sites.push({ specifier: found.specifier, typesOnly: found.typesOnly, line, col: column, width });
    });
    return sites;
  }
}

interface Found {
  readonly place: Node;
  readonly specifier: string | undefined;
  readonly typesOnly: boolean;
}

function importAt(node: Node): Found | undefined {
  if (Node.isImportDeclaration(node)) return named(node.getModuleSpecifier(), node.isTypeOnly());
  if (Node.isExportDeclaration(node)) return named(node.getModuleSpecifier(), node.isTypeOnly());
  if (Node.isExternalModuleReference(node)) return named(node.getExpression(), false);
  if (Node.isImportTypeNode(node)) {
    const argument = node.getArgument();
    return named(Node.isLiteralTypeNode(argument) ? argument.getLiteral() : argument, true);
  }
  if (Node.isCallExpression(node) && LOADERS.has(node.getExpression().getText()))
    return named(node.getArguments()[0], false);
  return undefined;
}

const LOADERS = new Set(["import", "require", "require.resolve", "import.meta.resolve"]);

function named(place: Node | undefined, typesOnly: boolean): Found | undefined {
  if (!place) return undefined;
  const literal = place.asKind(SyntaxKind.StringLiteral) ?? place.asKind(SyntaxKind.NoSubstitutionTemplateLiteral);
  return { place, specifier: literal?.getLiteralText(), typesOnly };
}
