/** The licences of what is bundled, which must travel with it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes one section a package, with the text of its licence and notice files; a text that several have word for word
 * stands with the first of them, and the others name it.
 * @param inputs The bundled files, from the root.
 */
export function notices(root: string, inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((path) => packageFolder(path) ?? []));
  const written = new Map<string, string>();
  const sections = [...folders].toSorted().map((folder) => section(join(root, folder), written));
  return ["# What this package contains of others\n", ...sections].join("\n");
}

/** The folder of the package that a file belongs to, the innermost one; undefined for a file of ours. */
function packageFolder(path: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

/** @param written Texts that stand somewhere above, with the packages they stand with. */
function section(folder: string, written: Map<string, string>): string {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(?:licen[cs]e|notice|copying)/i.test(file));
  const name = title(manifest);
  const texts = files.map((file) => {
    const text = readFileSync(join(folder, file), "utf8").trim();
    const first = written.get(text);
    if (first !== undefined) return `Its ${file} is, word for word, that of ${first}.\n`;
    written.set(text, name);
    return `\`\`\`text\n${text}\n\`\`\`\n`;
  });
  return [`## ${name}\n`, ...texts].join("\n");
}

function title(manifest: unknown): string {
  const fields = typeof manifest === "object" && manifest !== null ? manifest : {};
  const name = "name" in fields ? String(fields.name) : "A package without a name";
  const version = "version" in fields ? ` ${String(fields.version)}` : "";
  const license = "license" in fields ? ` (${String(fields.license)})` : "";
  return name + version + license;
}
