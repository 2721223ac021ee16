/**
 * `npm run check`: the one gate. Every static step runs, so that one run shows all that is wrong; the
 * tests run when nothing is. The last line is the counts: tests, and each static step that failed.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { takeNoArguments } from "../ops/no-arguments.ts";
import { closingLine, countTests } from "./counts.ts";
import { type Outcome, runScript } from "./run-script.ts";
import { STATIC_STEPS, type Step, testStep } from "./steps.ts";

const HELP = `The one gate: format, lint, types, drift, layers, leftovers, dead code, tests.

  npm run check

Exit codes: 0 fine; 1 something failed; 2 the command cannot be understood.
`;

takeNoArguments(HELP);

const root = fileURLToPath(new URL("../", import.meta.url));

let faults = 0;
for (const step of STATIC_STEPS) {
  const outcome = await run(step, false);
  if (outcome.passed) continue;
  faults += 1;
  console.log(indent(outcome.output.trim() || "It said nothing."));
  if (step.hint) console.log(indent(`hint: ${step.hint}`));
}

if (faults > 0) {
  console.log(line("tests", "not run", "a step before them failed"));
  finish({ passed: 0, failed: faults, skipped: 0 });
} else {
  const folder = mkdtempSync(join(tmpdir(), "tandem-check-"));
  const reportFile = join(folder, "tests.json");
  const { passed } = await run(testStep(reportFile), true);
  finish(countTests(readReport(reportFile), passed));
  rmSync(folder, { recursive: true });
}

async function run({ name, script, arguments: rest = [] }: Step, live: boolean): Promise<Outcome> {
  const outcome = await runScript(script, { cwd: root, arguments: rest, live });
  console.log(line(name, outcome.passed ? "ok" : "FAILED", `${(outcome.took / 1000).toFixed(1)} s`));
  return outcome;
}

function line(name: string, state: string, note: string): string {
  return `${name.padEnd(11)}${state.padEnd(9)}${note}`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function finish(counts: ReturnType<typeof countTests>): void {
  console.log(closingLine(counts));
  process.exitCode = counts.failed === 0 ? 0 : 1;
}
