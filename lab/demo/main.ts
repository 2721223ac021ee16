/**
 * The demo: the whole system on this machine, four orders, and what becomes of them; or a change of a schema
 * under load. Exit code 0 when all is as it has to be, 1 with the reason otherwise, 130 after Ctrl-C.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { refusal, UsageError } from "../../ops/usage-error.ts";
import { runEvolution } from "./evolution/run.ts";
import { addresses, runDemo, type Running } from "./run.ts";
import { showSteps } from "./steps.ts";

const HELP = `Runs the whole system on this machine and sends four orders.

  npm run demo [-- --keep | --evolution]

  --keep          leaves everything running and prints the addresses; Ctrl-C ends it
  --evolution     changes the schema of an event instead, while orders come in: from v1 to v2, release by
                  release, always on embedded servers

  NATS_URL        a NATS server to use instead of an embedded one
  DATABASE_URL    a PostgreSQL to use instead of an embedded one; a role that may create roles
`;

const INTERRUPTED = 130;

const print = (text: string) => process.stdout.write(`${text}\n`);

interface Arguments {
  readonly keep: boolean;
  readonly evolution: boolean;
  readonly help: boolean;
}

function readArguments(): Arguments {
  try {
    const { values } = parseArgs({
      options: {
        keep: { type: "boolean", default: false },
        evolution: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.keep && values.evolution)
      throw new UsageError("--keep and --evolution do not go together: the evolution ends by itself.");
    return values;
  } catch (error) {
    console.error(refusal(error, HELP));
    process.exit(2);
  }
}

const { keep, evolution, help } = readArguments();
if (help) {
  print(HELP);
  process.exit(0);
}

const run = evolution ? runEvolution : runDemo;
const started = performance.now();
const directory = await mkdtemp(join(tmpdir(), "tandem-demo-"));
const running: Running = {};
const interrupted = new Promise<"interrupted">((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve("interrupted"));
});

let exitCode = 1;
let logsAreOfUse = true;
try {
  const steps = showSteps(process.stdout);
  const result = await Promise.race([run({ steps, print, directory, running }), interrupted]);
  if (result === "interrupted") {
    exitCode = INTERRUPTED;
  } else {
    exitCode = result.length === 0 ? 0 : 1;
    if (keep) {
      print(`${addresses(running, directory)}\n\nEverything keeps running. Ctrl-C ends it.`);
      await interrupted;
    }
    for (const fault of result) console.error(`✗ ${fault}`);
  }
  logsAreOfUse = exitCode === 1;
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : error}`);
}

const failures = await stop();
// What was still starting when it was interrupted had nothing to end in order.
if (exitCode !== INTERRUPTED) for (const failure of failures) console.error(`✗ ${failure}`);
if (failures.length > 0 && exitCode === 0) exitCode = 1;
if (exitCode === 1) console.error(`\nThe logs of the processes are in ${directory}`);
else if (!logsAreOfUse) await rm(directory, { recursive: true, force: true });
if (exitCode === 0) print(`✓ all as expected, in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
// What was still starting when the demo was interrupted ends with the process.
process.exit(exitCode);

/** Stops what runs, in order. Answers what did not end as it should. */
async function stop(): Promise<readonly string[]> {
  await running.admin?.close();
  const left = (await running.system?.stop()) ?? [];
  await running.servers?.stop();
  return left;
}
