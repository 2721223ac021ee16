/** `npm run layers`: every import of every file against the table, one diagnostic for each that goes another way. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findLayerBreaks, type LayerBreak } from "../../codegen/check/layers.ts";
import { takeNoArguments } from "../../ops/no-arguments.ts";
import { listFiles } from "../files.ts";
import { LAYERS } from "./table.ts";

const HELP = `Compares every import of every file with the table of layers, check/layers/table.ts.

  npm run layers

Exit codes: 0 fine; 1 an import goes another way; 2 the command cannot be understood.
`;

takeNoArguments(HELP);

const root = fileURLToPath(new URL("../../", import.meta.url));
const paths = listFiles(root).filter((path) => /\.(?:[cm]?ts|[cm]?js)$/.test(path) && !/(?:^|\/)testdata\//.test(path));
const files = new Map(paths.map((path) => [path, readFileSync(root + path, "utf8")]));
const breaks = findLayerBreaks(files, LAYERS);

for (const found of breaks) console.log(describe(found, files.get(found.file)));
console.log(`${files.size} files read, ${breaks.length} imports against the direction.`);
process.exitCode = breaks.length === 0 ? 0 : 1;

function describe({ file, line, col, width, message, hint }: LayerBreak, text: string | undefined): string {
  const margin = `  ${line} | `;
  const source = text?.split("\n", line)[line - 1] ?? "";
  const caret = `${" ".repeat(margin.length - 2)}| ${" ".repeat(col - 1)}${"^".repeat(width)}`;
  return `${file}:${line}:${col} error LAYER ${message}\n${margin}${source}\n${caret}\n  hint: ${hint}`;
}
