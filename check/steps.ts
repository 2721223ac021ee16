/** What the gate asks, in its order: the cheapest answer first. */

/** One question of the gate: a script of package.json. */
export interface Step {
  /** As it is printed. */
  readonly name: string;
  /** The script; `npm run` with it asks the same question alone. */
  readonly script: string;
  readonly arguments?: readonly string[];
  /** What to do when it fails and its own output does not say so. */
  readonly hint?: string;
}

/** Everything that is known without running the system. */
export const STATIC_STEPS: readonly Step[] = [
  { name: "format", script: "format", hint: "`npm run format:write` mends it." },
  { name: "lint", script: "lint" },
  { name: "types", script: "types" },
  { name: "drift", script: "codegen", arguments: ["--check"] },
  { name: "layers", script: "layers" },
  { name: "leftovers", script: "leftovers" },
  { name: "dead code", script: "deadcode" },
];

/** The tests, which also write down how many there were. */
export function testStep(reportFile: string): Step {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  return { name: "tests", script: "test", arguments: reporters };
}
