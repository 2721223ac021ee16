/** What the generated code asks hand-written code for. */
import { posix } from "node:path";
import { type InterfaceDeclaration, Node, type SourceFile } from "ts-morph";
import type { SourceTree } from "./source-tree.ts";

/** An interface of the generated code that hand-written code fills. */
export interface Asked {
  /** The interface, or the member of one: `InventoryHandlers`. */
  readonly type: string;
  /** The generated file that declares it. */
  readonly file: string;
  /** What is asked for; of a hand-written mapping also the functions inside it. */
  readonly members: ReadonlyMap<string, Asked | undefined>;
  readonly kind: "handlers" | "evolutions";
}

/** A service of the generated code, as `startService` is given it. */
export interface AskingService {
  /** The name of its descriptor, and the file that declares that. */
  readonly constName: string;
  readonly file: string;
  readonly handlers: Asked | undefined;
  /** Undefined when no mapping that it runs has hand-written parts. */
  readonly evolutions: Asked | undefined;
}

/** Everything that the generated code of a directory asks for. */
export interface AllAsked {
  readonly services: readonly AskingService[];
  /** Each interface by itself. */
  readonly interfaces: readonly Asked[];
}

/**
 * Reads what is asked for from the files of `services/` and `operations/`.
 * @param paths Every file of the tree.
 * @param generated The directory of the generated code, from the root.
 */
export function readAsked(tree: SourceTree, paths: Iterable<string>, generated: string): AllAsked {
  const services: AskingService[] = [];
  const interfaces: Asked[] = [];
  for (const path of paths) {
    const folder = posix.dirname(path);
    const file = [`${generated}/services`, `${generated}/operations`].includes(folder) ? tree.file(path) : undefined;
    if (file === undefined) continue;
    if (folder.endsWith("/operations")) interfaces.push(...receivers(file, path));
    else services.push(...servicesIn(file, path, tree));
  }
  return {
    services,
    interfaces: [...interfaces, ...services.flatMap(({ handlers, evolutions }) => [handlers, evolutions])].filter(
      (asked) => asked !== undefined,
    ),
  };
}

/** `export const inventory = defineService<InventoryHandlers, InventoryPublishes>({ ... })`. */
function servicesIn(file: SourceFile, path: string, tree: SourceTree): AskingService[] {
  return file.getVariableDeclarations().flatMap((declaration) => {
    const made = declaration.getInitializer();
    if (!Node.isCallExpression(made) || made.getExpression().getText() !== "defineService") return [];
    const [handlers, , evolutions] = made.getTypeArguments().map((type) => file.getInterface(type.getText()));
    return [
      {
        constName: declaration.getName(),
        file: path,
        handlers: handlers && askedBy(handlers, path, "handlers"),
        evolutions: evolutions && askedBy(evolutions, path, "evolutions", tree),
      },
    ];
  });
}

/** The interfaces of whoever performs the operations of channels that are no events. */
function receivers(file: SourceFile, path: string): Asked[] {
  return file
    .getInterfaces()
    .filter((each) => each.getName().endsWith("Receives"))
    .map((each) => askedBy(each, path, "handlers"));
}

function askedBy(from: InterfaceDeclaration, file: string, kind: Asked["kind"], tree?: SourceTree): Asked {
  const members = from.getMembers().flatMap((member) => {
    if (!Node.isPropertySignature(member) && !Node.isMethodSignature(member)) return [];
    const type = Node.isPropertySignature(member) ? member.getTypeNode()?.getText() : undefined;
    const parts = type === undefined ? undefined : tree?.declarationOf(type, member);
    const inside = Node.isInterfaceDeclaration(parts) && tree ? askedBy(parts, tree.pathOf(parts), kind) : undefined;
    return [[unquoted(member.getName()), inside] as const];
  });
  return { type: from.getName(), file, members: new Map(members), kind };
}

function unquoted(name: string): string {
  return /^["']/.test(name) ? name.slice(1, -1) : name;
}
