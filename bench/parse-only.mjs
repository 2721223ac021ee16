/** What the benchmark of the generator measures against: a process that imports the AsyncAPI parser and parses one document. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// As the generator's own package has it.
const { Parser } = createRequire(new URL("../codegen/package.json", import.meta.url))("@asyncapi/parser");

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2] ?? "", "utf8"));
if (document === undefined) throw new Error(JSON.stringify(diagnostics));
