/** Takes the failpoints out of what is shipped: a variable of the environment must not be able to kill a service. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Project, SyntaxKind } from "ts-morph";

const LABEL = "FAILPOINT";
const MODULE = /(^|\/)failpoint\.(js|d\.ts)$/;

/**
 * Removes every statement that is labelled `FAILPOINT`, the imports that it needed, and their module.
 * @param folder Holds compiled modules, at any depth.
 * @throws when something of a failpoint is left: one that is written in another form
 */
export function removeFailpoints(folder: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file));
  for (const file of files.filter((path) => MODULE.test(path))) rmSync(file);
  const project = new Project({ skipAddingFilesFromTsConfig: true, compilerOptions: { allowJs: true } });
  for (const file of files.filter((path) => path.endsWith(".js") && !MODULE.test(path))) {
    const source = project.addSourceFileAtPath(file);
    const statements = source
      .getDescendantsOfKind(SyntaxKind.LabeledStatement)
      .filter((statement) => statement.getLabel().getText() === LABEL);
    if (statements.length === 0) continue;
    for (const statement of statements) statement.remove();
    for (const imported of source.getImportDeclarations()) {
      if (MODULE.test(imported.getModuleSpecifierValue())) imported.remove();
    }
    if (/failpoint/i.test(source.getText())) throw new Error(`${file} still has something of a failpoint.`);
    source.saveSync();
  }
}
