/**
 * Finds what hand-written code still has and no contract asks for any more: handlers of events that are not received,
 * parts of mappings that are done or changed.
 *
 * The compiler refuses a member too many only where an object literal meets its type. It says nothing of what comes
 * through a spread, a variable, a class or a module, and nothing of what is given to all services alike. This reads
 * the syntax: where it cannot tell what an object has, it says nothing.
 */
import { Node, SyntaxKind } from "ts-morph";
import { compareText, type Diagnostic, ordered } from "../../diagnostic.ts";
import { closest } from "../../suggest.ts";
import { type AllAsked, type Asked, type AskingService, readAsked } from "./asked.ts";
import { type Member, membersOf, returned } from "./members.ts";
import { SourceTree } from "./source-tree.ts";

/** Where the code of a repository is. Paths are from its root, with forward slashes. */
export interface Repository {
  /** The text of each source file, generated ones included, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** The directory of the generated code. */
  readonly generated: string;
  /** The directory of the hand-written parts of mappings. */
  readonly evolutions: string;
  /** What the subpath imports of package.json stand for, by prefix: `{ "#generated/": "generated/" }`. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** An object of hand-written code, and what it is to fill. Nothing is asked of it when `by` is undefined. */
interface Use {
  readonly object: Node;
  readonly by: Asked | undefined;
  readonly kind: Asked["kind"];
  /** For the message: `InventoryHandlers`, or the service that takes no such thing. */
  readonly name: string;
}

/** One member and those that it was handed to. */
interface Handed {
  readonly member: Member;
  readonly kind: Asked["kind"];
  readonly refusedBy: Map<string, readonly string[]>;
  asked: boolean;
}

/** Where an object can meet what is asked for. */
const FILLING = [
  SyntaxKind.CallExpression,
  SyntaxKind.VariableDeclaration,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.SatisfiesExpression,
  SyntaxKind.AsExpression,
  SyntaxKind.FunctionDeclaration,
  SyntaxKind.FunctionExpression,
  SyntaxKind.ArrowFunction,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.ClassDeclaration,
  SyntaxKind.ClassExpression,
] as const;

/** What nobody asks for, as errors in the order of the files. */
export function findLeftovers({ files, generated, evolutions, aliases }: Repository): readonly Diagnostic[] {
  const tree = new SourceTree(files, aliases);
  const asked = readAsked(tree, files.keys(), generated);
  const written = [...files.keys()].filter((path) => !path.startsWith(`${generated}/`)).toSorted(compareText);
  const handed = new Map<Node, Handed>();
  for (const path of written) {
    if (!mayFill(files.get(path) ?? "", asked)) continue;
    const nodes = FILLING.flatMap((kind) => tree.file(path)?.getDescendantsOfKind(kind) ?? []);
    for (const use of nodes.flatMap((node) => usesAt(node, asked, tree))) hand(use, tree, handed);
  }
  const refused = [...handed.values()].filter((each) => !each.asked);
  const exported = unusedParts(written, evolutions, asked, tree).filter((each) => !handed.has(each.member.place));
  return ordered([...refused, ...exported].map((each) => diagnosticOf(each, tree)));
}

/** Whether it is worth parsing: a file that fills an interface names it or the service. */
function mayFill(text: string, { services, interfaces }: AllAsked): boolean {
  return (
    interfaces.some(({ type }) => text.includes(type)) ||
    (/\b(?:handlers|evolutions)\b/.test(text) && services.some(({ constName }) => text.includes(constName)))
  );
}

function usesAt(node: Node, asked: AllAsked, tree: SourceTree): readonly Use[] {
  if (Node.isCallExpression(node)) return startedWith(node.getArguments(), asked.services, tree);
  const filled = (type: Node | undefined, objects: readonly (Node | undefined)[]): readonly Use[] => {
    const by = type && interfaceOf(type, asked, tree);
    if (by === undefined) return [];
    return objects.flatMap((object) => (object ? [{ object, by, kind: by.kind, name: by.type }] : []));
  };
  if (Node.isVariableDeclaration(node)) return filled(node.getTypeNode(), [node.getInitializer()]);
  if (Node.isPropertyDeclaration(node)) return filled(node.getTypeNode(), [node.getInitializer()]);
  if (Node.isSatisfiesExpression(node) || Node.isAsExpression(node)) {
    return filled(node.getTypeNode(), [node.getExpression()]);
  }
  if (Node.isFunctionDeclaration(node) || Node.isFunctionExpression(node) || Node.isArrowFunction(node)) {
    return filled(node.getReturnTypeNode(), returned(node));
  }
  if (Node.isMethodDeclaration(node)) return filled(node.getReturnTypeNode(), returned(node));
  if (Node.isClassDeclaration(node) || Node.isClassExpression(node)) {
    return node.getImplements().flatMap((type) => filled(type, [node]));
  }
  return [];
}

/** `startService(inventory, { handlers, evolutions })`, and whatever else is given a service and its code. */
function startedWith(given: readonly Node[], services: readonly AskingService[], tree: SourceTree): readonly Use[] {
  const service = given
    .filter((argument) => Node.isIdentifier(argument))
    .map((argument) => tree.declarationOf(argument.getText(), argument))
    .map((found) =>
      services.find(
        ({ constName, file }) =>
          Node.isVariableDeclaration(found) && found.getName() === constName && tree.pathOf(found) === file,
      ),
    )
    .find((found) => found !== undefined);
  if (service === undefined) return [];
  return given
    .flatMap((argument) => membersOf(argument, tree))
    .flatMap(({ name, value }): readonly Use[] => {
      if (name !== "handlers" && name !== "evolutions") return [];
      const by = service[name];
      return [{ object: value, by, kind: name, name: by?.type ?? service.constName }];
    });
}

/** `InventoryHandlers`, also inside `Promise`, `Partial` and `Readonly`. */
function interfaceOf(type: Node, asked: AllAsked, tree: SourceTree): Asked | undefined {
  const reference = type.isKind(SyntaxKind.TypeReference) ? type : undefined;
  const name = reference?.getTypeName().getText() ?? (Node.isExpressionWithTypeArguments(type) ? type.getText() : "");
  const [inner] = reference?.getTypeArguments() ?? [];
  if (inner !== undefined && ["Promise", "Partial", "Readonly"].includes(name)) return interfaceOf(inner, asked, tree);
  const declaration = tree.declarationOf(name, type);
  if (!Node.isInterfaceDeclaration(declaration)) return undefined;
  return asked.interfaces.find((each) => each.type === declaration.getName() && each.file === tree.pathOf(declaration));
}

function hand({ object, by, kind, name }: Use, tree: SourceTree, handed: Map<Node, Handed>): void {
  for (const member of membersOf(object, tree)) {
    const known = handed.get(member.place) ?? { member, kind, refusedBy: new Map(), asked: false };
    handed.set(member.place, known);
    if (by?.members.has(member.name)) known.asked = true;
    else known.refusedBy.set(name, [...(by?.members.keys() ?? [])]);
    const inside = by?.members.get(member.name);
    if (inside !== undefined) hand({ object: member.value, by: inside, kind, name: inside.type }, tree, handed);
  }
}

/** What the files of the mappings export, no service asks for, and nobody imports by name. */
function unusedParts(
  written: readonly string[],
  folder: string,
  { services }: AllAsked,
  tree: SourceTree,
): readonly Handed[] {
  const wanted = new Set(services.flatMap(({ evolutions }) => [...(evolutions?.members.keys() ?? [])]));
  const parts = written.filter((path) => path.startsWith(`${folder}/`) && !path.endsWith(".test.ts"));
  if (parts.length === 0) return [];
  const imported = importedNames(written, tree);
  return parts
    .flatMap((path) => {
      const file = tree.file(path);
      return file === undefined ? [] : membersOf(file, tree).filter(({ place }) => tree.pathOf(place) === path);
    })
    .filter(({ name, place }) => !wanted.has(name) && !imported.has(`${tree.pathOf(place)} ${name}`))
    .map((member) => ({
      member,
      kind: "evolutions",
      refusedBy: new Map([["what any service asks for", [...wanted]]]),
      asked: false,
    }));
}

function importedNames(written: readonly string[], tree: SourceTree): ReadonlySet<string> {
  const names = written.flatMap((path) =>
    (tree.file(path)?.getImportDeclarations() ?? []).flatMap((declaration) => {
      const module = tree.resolve(path, declaration.getModuleSpecifierValue());
      return declaration.getNamedImports().map((named) => `${module} ${named.getName()}`);
    }),
  );
  return new Set(names);
}

function diagnosticOf({ member: { name, place }, kind, refusedBy }: Handed, tree: SourceTree): Diagnostic {
  const file = place.getSourceFile();
  const start = file.getLineAndColumnAtPos(place.getStart());
  const end = file.getLineAndColumnAtPos(place.getEnd());
  const close = closest(name, [...refusedBy.values()].flat());
  const isHandler = kind === "handlers";
  const what = isHandler ? `the handler ${name}` : `${name}, written by hand for a mapping,`;
  const nobody = `it is not in ${[...refusedBy.keys()].join(" and not in ")}`;
  return {
    code: isHandler ? "HANDLER_UNASKED" : "EVOLUTION_UNASKED",
    severity: "error",
    file: tree.pathOf(place),
    line: start.line,
    col: start.column,
    endLine: end.line,
    endCol: end.column,
    message: `nothing asks for ${what} any more: ${nobody}`,
    hint:
      close === undefined
        ? `Remove it${isHandler ? ", or let an operation of the contract receive the event" : ""}.`
        : `Did you mean ${close}? Otherwise remove it.`,
  };
}
