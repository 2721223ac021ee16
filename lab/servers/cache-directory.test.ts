import { chmod, mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { cacheCandidates, cacheDirectory, claimDirectory, temporaryCache } from "./cache-directory.ts";

describe("cacheDirectory", () => {
  it("is made in XDG_CACHE_HOME, and in ~/.cache without it", async () => {
    const scratch = await scratchDirectory();
    expect(await cacheDirectory({ XDG_CACHE_HOME: join(scratch, "xdg"), HOME: scratch })).toBe(
      join(scratch, "xdg", "tandem"),
    );
    expect(await cacheDirectory({ HOME: scratch })).toBe(join(scratch, ".cache", "tandem"));
    expect((await stat(join(scratch, ".cache", "tandem"))).isDirectory()).toBe(true);
  });

  it("ignores an XDG_CACHE_HOME that is not absolute, as its specification says", () => {
    expect(cacheCandidates({ XDG_CACHE_HOME: "cache", HOME: "/home/ada" })[0]).toBe("/home/ada/.cache/tandem");
  });

  it("falls back to the temporary directory where the home cannot be written to", async () => {
    const scratch = await scratchDirectory();
    vi.stubEnv("TMPDIR", scratch);
    onTestFinished(() => void vi.unstubAllEnvs());
    const file = join(scratch, "file");
    await writeFile(file, "");
    expect(await cacheDirectory({ HOME: join(file, "home") })).toBe(temporaryCache());
    expect(temporaryCache()).toContain(scratch);
  });
});

it("claimDirectory refuses one that others can write to", async () => {
  const directory = join(await scratchDirectory(), "open");
  await mkdir(directory);
  await chmod(directory, 0o777);
  await expect(claimDirectory(directory)).rejects.toThrow(`${directory} can be written by others`);
});
