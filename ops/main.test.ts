import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import manifest from "../codegen/package.json" with { type: "json" };
import { scratchDirectory } from "../lab/testing/scratch-directory.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

function tandem(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<[code: unknown, said: string]> {
  const { promise, resolve } = Promise.withResolvers<[unknown, string]>();
  execFile(
    process.execPath,
    [MAIN, ...words],
    { env: { PATH: process.env["PATH"], ...env } },
    (error, stdout, stderr) => resolve([error?.code ?? 0, stdout + stderr]),
  );
  return promise;
}

it("takes where a system is from files, and says which of them it cannot use", async () => {
  const missing = join(await scratchDirectory(), "none");
  const [code, said] = await tandem(["status"], { DATABASE_URL_FILE: missing, NATS_URL_FILE: missing });
  expect(code).toBe(1);
  expect(said).toMatch(/^2 settings are wrong:\n {2}NATS_URL_FILE cannot be read: .*\n {2}DATABASE_URL_FILE cannot be/);

  const file = join(await scratchDirectory(), "nats.url");
  writeFileSync(file, "nats://user:hunter2@127.0.0.1:1/path\n");
  const [, refused] = await tandem(["status"], { NATS_URL_FILE: file });
  expect(refused).toContain("has something after the port");
  expect(refused).not.toContain("hunter2");
});

it("says its version", async () => {
  expect(await tandem(["--version"], {})).toEqual([0, `${manifest.version}\n`]);
  expect(await tandem(["-v"], {})).toEqual([0, `${manifest.version}\n`]);
});
