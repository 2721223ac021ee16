/** A file of generated code: its header, its imports, its body. */
import { posix } from "node:path";
import { Code, Data, Import, Name, type DataValue, type Part } from "./code.ts";
import { LINE_WIDTH, printData } from "./data.ts";

export interface SourceFile {
  /** Below the root of the generated files. */
  readonly path: string;
  /** Comment lines that stand first. */
  readonly header: readonly string[];
  /** Imports besides those in the body, for trusted text that uses them by their preferred names. */
  readonly imports?: readonly Import[];
  readonly body: Code;
}

/** The file's text: imports merged by module, ordered, and renamed where a name is taken already. */
export function printSourceFile({ path, header, imports: more = [], body }: SourceFile): string {
  const { names, imports: used } = collect(body);
  const imports = [...more, ...used];
  const localNames = nameImports(imports, names);
  const localName = (imported: Import) => localNames.get(imported.identity) ?? imported.preferred;
  const sections = [...header, ...printImports(path, imports, localName)];
  return `${sections.join("\n")}\n\n${printBody(body, localName)}\n`;
}

/** Code as text, where it declares and imports nothing. */
export function printCode(code: Code): string {
  return printBody(code, ({ preferred }) => preferred);
}

function printBody(body: Code, localName: (imported: Import) => string): string {
  let text = "";
  const print = (part: string | Part, indentation: string): void => {
    // Empty lines stay empty.
    if (typeof part === "string") text += indentation === "" ? part : part.replace(/\n(?!\n)/g, `\n${indentation}`);
    else if (part instanceof Name) text += part.text;
    else if (part instanceof Import) text += localName(part);
    else if (part instanceof Code) for (const inner of part.parts) print(inner, indentation + part.indentation);
    else {
      const column = text.length - (text.lastIndexOf("\n") + 1);
      text += printData(part.value, { column, indentation, localName }, part.expanded);
    }
  };
  print(body, "");
  return text.trimEnd();
}

function collect(body: Code): { names: ReadonlySet<string>; imports: readonly Import[] } {
  const names = new Set<string>();
  const imports: Import[] = [];
  const visitData = (value: DataValue): void => {
    if (value instanceof Name) names.add(value.text);
    else if (value instanceof Import) imports.push(value);
    else if (typeof value === "object" && value !== null) for (const member of Object.values(value)) visitData(member);
  };
  const visit = (part: string | Part): void => {
    if (typeof part === "string") return;
    if (part instanceof Code) part.parts.forEach(visit);
    else visitData(part instanceof Data ? part.value : part);
  };
  visit(body);
  return { names, imports };
}

/** By identity: the name in this file. What the file declares keeps its name; an import gives way. */
function nameImports(imports: readonly Import[], declared: ReadonlySet<string>): ReadonlyMap<string, string> {
  const taken = new Set(declared);
  const names = new Map<string, string>();
  for (const imported of imports.toSorted((a, b) => compare(a.identity, b.identity))) {
    if (names.has(imported.identity)) continue;
    let name = imported.preferred;
    for (let suffix = 2; taken.has(name); suffix++) name = `${imported.preferred}${suffix}`;
    taken.add(name);
    names.set(imported.identity, name);
  }
  return names;
}

function printImports(path: string, imports: readonly Import[], localName: (imported: Import) => string): string[] {
  const modules = Map.groupBy(imports, (imported) => specifier(path, imported.from));
  return [...modules]
    .toSorted(([a], [b]) => compare(moduleRank(a) + a, moduleRank(b) + b))
    .map(([module, members]) => printImport(module, members, localName));
}

function printImport(module: string, members: readonly Import[], localName: (imported: Import) => string): string {
  if (module.endsWith(".json")) {
    const [value] = members;
    return value === undefined
      ? ""
      : `import ${localName(value)} from ${JSON.stringify(module)} with { type: "json" };`;
  }
  const values = new Set(members.filter(({ typeOnly }) => !typeOnly).map(({ identity }) => identity));
  const allTypes = values.size === 0;
  const clauses = new Map<string, string>();
  for (const member of members.toSorted((a, b) => compareNames(a.name, b.name))) {
    const local = localName(member);
    const prefix = allTypes || values.has(member.identity) ? "" : "type ";
    clauses.set(member.identity, `${prefix}${member.name}${local === member.name ? "" : ` as ${local}`}`);
  }
  const keyword = allTypes ? "import type" : "import";
  const line = `${keyword} { ${[...clauses.values()].join(", ")} } from ${JSON.stringify(module)};`;
  if (line.length <= LINE_WIDTH) return line;
  return `${keyword} {\n${[...clauses.values()].map((clause) => `  ${clause},\n`).join("")}} from ${JSON.stringify(module)};`;
}

function specifier(path: string, from: string): string {
  if (!/\.(ts|js|json)$/.test(from)) return from;
  const relative = posix.relative(posix.dirname(path), from);
  return relative.startsWith(".") ? relative : `./${relative}`;
}

/** Packages first, then what is far, then what is near. */
function moduleRank(module: string): string {
  if (!module.startsWith(".")) return "0";
  return module.startsWith("..") ? "1" : "2";
}

function compareNames(a: string, b: string): number {
  return compare(a.toLowerCase(), b.toLowerCase()) || compare(a, b);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
