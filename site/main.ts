/** `npm run docs`: everything that there is to read, as pages that need no server and no network. */
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { join, relative, resolve } from "node:path";
import { isUsageError, usageText } from "../ops/usage-error.ts";
import { buildSite, SiteError } from "./build-site.ts";

const root = fileURLToPath(new URL("../", import.meta.url));

const HELP = `Builds the documentation as a site that works from the disk.

  npm run docs [-- --out DIR]

  --out DIR   where it goes; what is there is replaced (dist/site)

Exit codes: 0 fine; 1 the contract has errors; 2 the command cannot be understood.
`;

process.exitCode = await run();

async function run(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: { out: { type: "string", default: "dist/site" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) {
      console.log(HELP);
      return 0;
    }
    const out = resolve(root, values.out);
    const { pages } = await buildSite(root, out);
    console.log(`wrote ${pages} pages: open ${relative(process.cwd(), join(out, "index.html"))}`);
    return 0;
  } catch (error) {
    if (isUsageError(error)) {
      console.error(`${usageText(error, HELP)}\n\n${HELP}`);
      return 2;
    }
    if (!(error instanceof SiteError)) throw error;
    console.error(error.message);
    return 1;
  }
}
