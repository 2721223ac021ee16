/**
 * `tandem`: the tool's command line. Operations on a running system are here; everything else is the
 * generator's.
 */
import { CLOSED_TERMINAL, whenTold } from "../codegen/command/when-told.ts";
import { keepYoungSpaceSmall } from "../codegen/command/young-space.ts";
import { run as runCodegen } from "../codegen/main.ts";
import manifest from "../codegen/package.json" with { type: "json" };
import type { Surroundings } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { didYouMean } from "./usage-error.ts";

const HELP = `tandem COMMAND [--help]
tandem --version

  init          begins a project: a contract, two services and a test that passes
  generate      generates code from an AsyncAPI document
  diff          compares the document with an earlier one, and says what would break whom
${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(13)} ${summary}`).join("\n")}

NATS_URL and DATABASE_URL say where a system is; either may stand in a file that NATS_URL_FILE or DATABASE_URL_FILE names.

Exit codes: 0 fine; 1 something is not as it should be, or it did not work; 2 the arguments are wrong.
`;

const endNow = (): never => process.exit(1);
let generatorTold: AbortSignal | undefined;
const generatorIo = {
  cwd: process.cwd(),
  stdout: (text: string) => void process.stdout.write(text),
  stderr: (text: string) => void process.stderr.write(text),
  command: { alone: "npx tandem generate", withArguments: "npx tandem generate" },
  whenTold: () => (generatorTold ??= whenTold(endNow, CLOSED_TERMINAL)),
  onOnce: keepYoungSpaceSmall,
};

const TANDEM = { alone: "npx tandem", withArguments: "npx tandem" };

/** Exit codes: 0 fine, 1 it did not work, 2 the arguments are wrong. */
async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h") {
    surroundings.print(HELP);
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "-v") {
    surroundings.print(manifest.version);
    return 0;
  }
  if (name === "init") {
    const { runInit } = await import("../codegen/init/command.ts");
    return await runInit(rest, generatorIo);
  }
  if (name === "generate") return runCodegen(rest, generatorIo);
  if (name === "diff") return runCodegen(argv, { ...generatorIo, command: TANDEM });
  const entry = COMMANDS.find((candidate) => candidate.name === name);
  if (!entry) {
    const names = ["init", "generate", "diff", ...COMMANDS.map((known) => known.name)];
    console.error(`tandem has no command "${name}".${didYouMean(name, names)}\nSee tandem --help.`);
    return 2;
  }
  const { runCommand } = await import("./run-command.ts");
  return await runCommand(entry, rest, surroundings);
}

const code = await main(process.argv.slice(2), {
  env: process.env,
  print: (text) => console.log(text),
  whenTold: () => whenTold(endNow),
});
// What the generator was making then is given up.
if (generatorTold?.aborted) process.exit(code);
process.exitCode = code;
