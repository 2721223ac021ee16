/** `npm run deploy:keys`: makes the secrets of docker-compose.yml. Exit code 0 when all are there, 1 when not, 2 for wrong arguments. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { OpsError } from "../../ops/error.ts";
import { isUsageError, usageText } from "../../ops/usage-error.ts";
import { makeSecrets } from "./make-secrets.ts";

const HELP = `Makes the secrets of docker-compose.yml: keys, certificates, passwords, and who may do what on the broker.
What is there stays; after a change of the contract it makes what is new.

  npm run deploy:keys [-- --secrets DIR]

  --secrets DIR   where they go; default secrets. docker-compose.yml looks for them in TANDEM_SECRETS, or there
`;

const root = fileURLToPath(new URL("../../", import.meta.url));

try {
  const { values } = parseArgs({ options: { secrets: { type: "string" }, help: { type: "boolean", short: "h" } } });
  if (values.help === true) console.log(HELP);
  else {
    const folder = values.secrets ?? (relative(process.cwd(), `${root}secrets`) || ".");
    process.exitCode = await makeSecrets({ root, folder, print: (text) => console.log(text) });
  }
} catch (error) {
  const isUsage = isUsageError(error);
  console.error(isUsage ? `${usageText(error, HELP)}\n\n${HELP}` : error instanceof OpsError ? error.message : error);
  process.exitCode = isUsage ? 2 : 1;
}
