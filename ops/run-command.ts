/** Runs one command about a running system, and puts into words what it throws. */
import { TandemError } from "@tandem/runtime";
import { readValueFiles, refuseFaults } from "@tandem/runtime/admin";
import type { Surroundings } from "./command.ts";
import type { CommandEntry } from "./commands.ts";
import { OpsError } from "./error.ts";
import { isUsageError, usageText } from "./usage-error.ts";

/** Variables that may stand in a file each: NAME_FILE names it. */
const LOGINS = ["NATS_URL", "DATABASE_URL"];

/** Returns the exit code: 0 fine, 1 it did not work, 2 the arguments are wrong. */
export async function runCommand(
  { name, load }: CommandEntry,
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const command = await load();
  if (argv.includes("--help") || argv.includes("-h")) {
    surroundings.print(command.help);
    return 0;
  }
  try {
    const { env, faults } = readValueFiles(LOGINS, surroundings.env);
    refuseFaults(faults);
    return await command.run(argv, { ...surroundings, env });
  } catch (error) {
    if (isUsageError(error)) {
      console.error(`${usageText(error, command.help)}\nSee tandem ${name} --help.`);
      return 2;
    }
    // A sentence for what somebody can mend; a stack only for what is a defect of ours.
    console.error(error instanceof OpsError || error instanceof TandemError ? error.message : error);
    return 1;
  }
}
