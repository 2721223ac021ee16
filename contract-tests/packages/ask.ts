/** Runs a program and waits for its end. */
import { execFile } from "node:child_process";

/** What a program answered. */
export interface Answer {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly cwd: string;
  /** Added to the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Never rejects: a test judges the exit code and what was printed. The program ends after two minutes at the latest. */
export function ask(program: string, args: readonly string[], { cwd, env = {} }: Surroundings): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const options = { cwd, env: { ...process.env, ...env }, timeout: 120_000 };
  execFile(program, args, options, (error, stdout, stderr) => {
    resolve({ code: error ? (error.code ?? error.signal) : 0, stdout, stderr });
  });
  return promise;
}

/** Answers what the program printed to stdout; rejects with everything that it said when it failed. */
export async function succeed(program: string, args: readonly string[], surroundings: Surroundings): Promise<string> {
  const { code, stdout, stderr } = await ask(program, args, surroundings);
  if (code !== 0) throw new Error(`${[program, ...args].join(" ")} ended with ${String(code)}:\n${stdout}${stderr}`);
  return stdout;
}
