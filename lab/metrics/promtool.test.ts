import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { findPromtool, type PromtoolSource } from "./promtool.ts";

async function fakeProgram(path: string, says: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "${says}"\n`);
  await chmod(path, 0o755);
  return path;
}

const failing = (name: string, reason: string): PromtoolSource => ({
  name,
  timeoutMs: 1_000,
  find: () => Promise.reject(new Error(reason)),
});

it("names everything that was tried, and what to do", async () => {
  const sources = [failing("PATH", "nothing there"), failing("cache", "empty")];
  await expect(findPromtool({ env: {}, sources })).rejects.toMatchObject({
    code: "BINARY_NOT_FOUND",
    message: [
      "No promtool could be had, which the tests of alerts need. Tried:",
      "  PATH: nothing there",
      "  cache: empty",
      "Install Prometheus, which brings it, or set PROMTOOL_BIN to the path of one.",
    ].join("\n"),
  });
});

it("takes PROMTOOL_BIN before everything else, and nothing instead of one that will not do", async () => {
  const scratch = await scratchDirectory();
  const sources = [failing("PATH", "not asked")];
  const path = await fakeProgram(join(scratch, "mine"), "promtool, version 3.5.0 (branch: HEAD)");
  expect(await findPromtool({ env: { PROMTOOL_BIN: path }, sources })).toEqual({ path, version: "3.5.0" });
  const other = await fakeProgram(join(scratch, "other"), "prometheus, version 3.5.0");
  await expect(findPromtool({ env: { PROMTOOL_BIN: other }, sources })).rejects.toThrow(
    /^PROMTOOL_BIN names a program that will not do: .* is no promtool/,
  );
});

it("passes over what only has the name, on the PATH and in the cache", async () => {
  const scratch = await scratchDirectory();
  await fakeProgram(join(scratch, "a/promtool"), "something else");
  const path = await fakeProgram(join(scratch, "b/promtool"), "promtool, version 2.42.0+ds");
  const env = { PATH: `${scratch}/a:${scratch}/b`, XDG_CACHE_HOME: scratch };
  expect(await findPromtool({ env })).toEqual({ path, version: "2.42.0" });
  const kept = await fakeProgram(join(scratch, "tandem/promtool/2.42.0/promtool"), "promtool, version 2.42.0");
  await mkdir(join(scratch, "tandem/promtool/.partial-1"));
  expect(await findPromtool({ env: { ...env, PATH: `${scratch}/a` } })).toEqual({ path: kept, version: "2.42.0" });
});
