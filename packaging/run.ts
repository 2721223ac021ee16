/** Runs a program and answers what it printed. */
import { execFile } from "node:child_process";
import { basename } from "node:path";

/** Rejects with the program's own words when it fails. */
export function run(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile(program, args, { cwd }, (error, stdout, stderr) => {
    if (error) reject(new Error(`${basename(program)} failed:\n${stdout}${stderr}`.trim(), { cause: error }));
    else resolve(stdout);
  });
  return promise;
}
