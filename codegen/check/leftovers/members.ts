/** The members of the object that an expression makes, as far as the syntax tells. */
import { type Expression, Node, Scope, SyntaxKind } from "ts-morph";
import type { SourceTree } from "./source-tree.ts";

/** One member of an object. */
export interface Member {
  readonly name: string;
  /** Where the name stands: what a diagnostic points at. */
  readonly place: Node;
  /** What the member is; the declaration or expression that its own members can be read from. */
  readonly value: Node;
}

/** Calls that give back the members of what they are given. */
const TRANSPARENT = new Set(["Object.freeze", "Object.seal", "Object.assign", "structuredClone"]);

/**
 * The members that can be told. What only a running program knows, such as the value of a parameter or a computed
 * name, has none here, so that nothing is said of it.
 */
export function membersOf(node: Node, tree: SourceTree): readonly Member[] {
  return collect(node, tree, new Set());
}

function collect(node: Node, tree: SourceTree, entered: ReadonlySet<Node>): readonly Member[] {
  if (entered.has(node)) return [];
  const within = new Set([...entered, node]);
  const of = (next: Node | undefined): readonly Member[] => (next === undefined ? [] : collect(next, tree, within));

  if (Node.isObjectLiteralExpression(node)) return literal(node, tree, of);
  if (Node.isIdentifier(node)) return of(tree.declarationOf(node.getText(), node));
  if (Node.isVariableDeclaration(node)) return of(node.getInitializer());
  if (Node.isSourceFile(node)) return moduleMembers(node, tree);
  if (isWrapper(node)) return of(node.getExpression());
  if (Node.isConditionalExpression(node)) return [...of(node.getWhenTrue()), ...of(node.getWhenFalse())];
  if (Node.isPropertyAccessExpression(node)) {
    const owner = of(node.getExpression());
    return of(owner.find(({ name }) => name === node.getName())?.value);
  }
  if (Node.isNewExpression(node)) return of(declared(node.getExpression(), tree));
  if (Node.isClassDeclaration(node) || Node.isClassExpression(node)) {
    const base = node.getExtends()?.getExpression();
    return [...classMembers(node), ...of(base === undefined ? undefined : declared(base, tree))];
  }
  if (Node.isCallExpression(node)) {
    const called = node.getExpression();
    if (TRANSPARENT.has(called.getText())) return node.getArguments().flatMap(of);
    const target = declared(called, tree);
    return returned(Node.isVariableDeclaration(target) ? target.getInitializer() : target).flatMap(of);
  }
  return [];
}

function literal(node: Node, tree: SourceTree, of: (next: Node | undefined) => readonly Member[]): readonly Member[] {
  if (!Node.isObjectLiteralExpression(node)) return [];
  return node.getProperties().flatMap((property): readonly Member[] => {
    if (Node.isSpreadAssignment(property)) return of(property.getExpression());
    const place = property.getNameNode();
    const name = nameOf(place);
    if (name === undefined) return [];
    if (Node.isShorthandPropertyAssignment(property)) {
      return [{ name, place, value: tree.declarationOf(name, property) ?? property }];
    }
    return [{ name, place, value: Node.isPropertyAssignment(property) ? property.getInitializerOrThrow() : property }];
  });
}

/** `"name"`, `name` and `["name"]`; undefined for a name that is computed. */
function nameOf(place: Node): string | undefined {
  if (Node.isIdentifier(place)) return place.getText();
  const inner = Node.isComputedPropertyName(place) ? place.getExpression() : place;
  return Node.isStringLiteral(inner) || Node.isNoSubstitutionTemplateLiteral(inner)
    ? inner.getLiteralText()
    : undefined;
}

function moduleMembers(file: Node, tree: SourceTree): readonly Member[] {
  return [...tree.exportsOf(tree.pathOf(file))].map(([name, value]) => ({ name, place: placeOf(value), value }));
}

/** What a class lets others call. What only the class itself uses is no member of it to anybody else. */
function classMembers(node: Node): readonly Member[] {
  if (!Node.isClassDeclaration(node) && !Node.isClassExpression(node)) return [];
  const text = node.getText();
  return [...node.getInstanceMethods(), ...node.getInstanceProperties()].flatMap((member) => {
    const place = Node.isParameterDeclaration(member) ? undefined : member.getNameNode();
    const hidden =
      place === undefined ||
      Node.isPrivateIdentifier(place) ||
      (Node.isScoped(member) && member.getScope() !== Scope.Public) ||
      text.includes(`this.${place.getText()}`);
    const name = hidden ? undefined : nameOf(place);
    return name === undefined || place === undefined ? [] : [{ name, place, value: member }];
  });
}

/** Where the name of a declaration stands. */
function placeOf(node: Node): Node {
  const named = Node.hasName(node) ? node.getNameNode() : undefined;
  return named ?? node;
}

function isWrapper(node: Node): node is Node & { getExpression(): Expression } {
  return (
    Node.isParenthesizedExpression(node) ||
    Node.isAsExpression(node) ||
    Node.isSatisfiesExpression(node) ||
    Node.isNonNullExpression(node) ||
    Node.isAwaitExpression(node)
  );
}

function declared(expression: Node, tree: SourceTree): Node | undefined {
  if (Node.isIdentifier(expression)) return tree.declarationOf(expression.getText(), expression);
  if (Node.isPropertyAccessExpression(expression)) {
    return membersOf(expression.getExpression(), tree).find(({ name }) => name === expression.getName())?.value;
  }
  return Node.isFunctionLikeDeclaration(expression) ? expression : undefined;
}

/** What a function gives back, in each of its branches. */
export function returned(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  if (Node.isArrowFunction(node) && !Node.isBlock(node.getBody())) return [node.getBody()];
  if (!Node.isFunctionLikeDeclaration(node) && !Node.isFunctionExpression(node)) return [];
  const found: Node[] = [];
  node.forEachDescendant((inner, traversal) => {
    if (Node.isFunctionLikeDeclaration(inner) || inner.isKind(SyntaxKind.FunctionExpression)) traversal.skip();
    else if (Node.isReturnStatement(inner)) {
      const value = inner.getExpression();
      if (value !== undefined) found.push(value);
    }
  });
  return found;
}
