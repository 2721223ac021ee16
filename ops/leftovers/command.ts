/** `tandem leftovers`: its arguments, and the files that it reads. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FORMATS, print as printed } from "../../codegen/print.ts";
import type { Command } from "../command.ts";
import { OpsError } from "../error.ts";
import { oneOf } from "../usage-error.ts";
import { readAliases, readSources } from "./sources.ts";

const HELP = `Finds hand-written handlers and parts of mappings that the contract does not ask for any more, which the compiler does not.

  tandem leftovers [--generated DIR] [--evolutions DIR] [--format FORMAT]

  --generated DIR    where the generated code is; default generated
  --evolutions DIR   where the hand-written parts of mappings are; default evolutions
  --format FORMAT    text, json, or github for annotations; default text

Reads every source file of this folder, and needs the package ts-morph to do so.

Exit codes: 0 there are none; 1 there are, or it did not work; 2 the arguments are wrong.
`;

export const leftoversCommand: Command = {
  help: HELP,
  async run(argv, { print }) {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        generated: { type: "string", default: "generated" },
        evolutions: { type: "string", default: "evolutions" },
        format: { type: "string", default: "text" },
      },
    });
    const format = oneOf("--format", values.format, FORMATS);
    const root = process.cwd();
    const generated = folderOf(values.generated);
    if (!existsSync(join(root, generated, "services")) && !existsSync(join(root, generated, "operations"))) {
      throw new OpsError(`There is no generated code in ${values.generated}: name its directory with --generated.`);
    }
    const files = readSources(root);
    const { findLeftovers } = await loadFindLeftovers();
    const found = findLeftovers({
      files,
      generated,
      evolutions: folderOf(values.evolutions),
      aliases: readAliases(root),
    });
    if (found.length > 0 || format === "json") print(printed(found, files, format));
    if (format === "text") print(`${files.size} files read, leftovers: ${found.length}`);
    return found.length === 0 ? 0 : 1;
  },
};

/** As paths from the root are written: with forward slashes, no dot before and no slash after. */
function folderOf(given: string): string {
  return given.replaceAll("\\", "/").replace(/^\.\//, "").replace(/\/+$/, "");
}

/** Its parser brings a compiler along, so it is the project's own, and loaded when it is needed. */
async function loadFindLeftovers(): Promise<typeof import("../../codegen/check/leftovers/find-leftovers.ts")> {
  try {
    return await import("../../codegen/check/leftovers/find-leftovers.ts");
  } catch (cause) {
    if (!(cause instanceof Error) || !cause.message.includes("ts-morph")) throw cause;
    throw new OpsError("TypeScript is read with ts-morph, which is not installed: npm install --save-dev ts-morph", {
      cause,
    });
  }
}
