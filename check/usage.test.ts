import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** Runs a program of this repository, and answers its exit code and what it said. */
function run(file: string, words: readonly string[]): Promise<{ code: unknown; said: string }> {
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; said: string }>();
  execFile(process.execPath, [file, ...words], { cwd: ROOT }, (error, stdout, stderr) =>
    resolve({ code: error?.code ?? 0, said: stdout + stderr }),
  );
  return promise;
}

/** What each command of `tandem` refuses stands in `ops/usage-error.test.ts`. */
const CASES: readonly (readonly [string, string, string])[] = [
  ["ops/main.ts", "provison", "Did you mean provision?"],
  ["ops/main.ts", "provision --alow replicas", "Did you mean --allow?"],
  ["ops/main.ts", "provision --allow subject:ORDERS", "Did you mean subjects?\nSee tandem provision --help."],
  ["deploy/keys/main.ts", "--secret x", "Did you mean --secrets?"],
  ["deploy/image/main.ts", "", "deploy/image/main.ts OUT"],
  ["deploy/image/size/main.ts", "--naive x", "npm run image:size"],
  ["lab/servers/main.ts", "more", "Unexpected argument 'more'"],
  ["lab/gateway/main.ts", "--prot 1", "Did you mean --port?"],
  ["lab/gateway/main.ts", "--port x", "--port must be a number"],
  ["lab/demo/main.ts", "--keep --evolution", "do not go together"],
  ["lab/load/main.ts", "--rate x --seconds 1", "--rate is a number"],
  ["lab/chaos/mutations/main.ts", "--only typo", "and there are: "],
  ["site/main.ts", "--ut x", "Did you mean --out?"],
  ["check/main.ts", "--fix", "npm run check"],
  ["check/layers/main.ts", "--hlep", "npm run layers"],
  ["packaging/main.ts", "more", "npm run pack"],
  ["deploy/grafana/main.ts", "--out x", "npm run dashboards"],
  ["bench/codegen.ts", "many", "ROUNDS is one whole number"],
  ["bench/codegen.ts", "0", "ROUNDS is one whole number"],
];

it.each(CASES)("%s %s is bad usage, which is 2, and is told what there is", async (file, words, sentence) => {
  const { code, said } = await run(file, words.split(" ").filter(Boolean));
  expect(said).toContain(sentence);
  expect(said).not.toMatch(/^ {4}at /m);
  expect(code).toBe(2);
});

it.each(["check/main.ts", "check/layers/main.ts", "packaging/main.ts", "deploy/grafana/main.ts", "bench/codegen.ts"])(
  "%s does nothing but tell what it does when it is asked for help",
  async (file) => {
    const { code, said } = await run(file, ["--help"]);
    expect(said).toMatch(/^[A-Z].*\.\n\n {2}npm run /);
    expect(code).toBe(0);
  },
);
