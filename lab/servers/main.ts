/**
 * Starts the servers alone, for whoever wants to try commands on them: prints where they are, runs until Ctrl-C. Exit
 * code 0, 1 when they do not start, 2 for arguments, of which there are none.
 */
import { parseArgs } from "node:util";
import { isUsageError, usageText } from "../../ops/usage-error.ts";
import { startServers } from "./servers.ts";

const stopping = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
});

try {
  parseArgs({ options: {} });
  // Named servers would be somebody's own, and this is for trying things out.
  const servers = await startServers({ natsUrl: "", databaseUrl: "" });
  console.log(`export NATS_URL=${servers.natsUrl}\nexport DATABASE_URL=${servers.databaseUrl}\nCtrl-C ends them.`);
  await stopping;
  await servers.stop();
} catch (error) {
  const isUsage = isUsageError(error);
  console.error(isUsage ? usageText(error, "") : error instanceof Error ? error.message : error);
  process.exitCode = isUsage ? 2 : 1;
}
