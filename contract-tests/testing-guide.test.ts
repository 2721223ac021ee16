/** Runs the example of docs/testing.md as it stands there, in a copy of the repository. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyRepository } from "../lab/system/repository-copy.ts";
import { databaseForTest, natsForTest } from "../lab/testing/servers.ts";
import { readDocument } from "./documents.ts";
import { ask } from "./packages/ask.ts";

const LIMIT_MS = 120_000;
const FILE = "services/inventory/example.test.ts";

const guide = await readDocument("docs/testing.md");
const nats = await natsForTest();
const database = await databaseForTest();
let copy: string;

beforeAll(async () => {
  copy = await copyRepository();
  const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(guide) ?? [];
  await writeFile(join(copy, FILE), example);
  const project = { extends: "./tsconfig.json", include: [FILE] };
  await writeFile(join(copy, "tsconfig.example.json"), JSON.stringify(project));
}, LIMIT_MS);
afterAll(() => rm(copy, { recursive: true, force: true }));

describe("the example of docs/testing.md", () => {
  it(
    "passes, on servers that are named",
    async () => {
      const env = { NATS_URL: nats.url, DATABASE_URL: database.url };
      const { code, stdout, stderr } = await ask(process.execPath, ["--test", FILE], { cwd: copy, env });
      expect(stdout + stderr).toMatch(/pass 3\n/);
      expect(code).toBe(0);
    },
    LIMIT_MS,
  );

  it(
    "is what the compiler accepts",
    async () => {
      expect(await ask("node_modules/.bin/tsc", ["-p", "tsconfig.example.json"], { cwd: copy })).toMatchObject({
        code: 0,
        stdout: "",
      });
    },
    LIMIT_MS,
  );
});
