import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { installInCache } from "./nats-cache-install.ts";

const fakeFetch = (version: string) => async (into: string) => {
  const path = join(into, "fetched");
  await writeFile(path, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  return path;
};

it("leaves one program for each version, and nothing half done, when several install at once", async () => {
  const cache = await scratchDirectory();
  const root = join(cache, "tandem", "nats-server");
  const env = { XDG_CACHE_HOME: cache };
  const installed = await Promise.all(
    ["2.15.0", "2.15.0", "2.15.1", "2.15.0"].map((version) => installInCache(env, fakeFetch(version))),
  );
  expect(installed.map(({ path }) => path)).toEqual(
    ["2.15.0", "2.15.0", "2.15.1", "2.15.0"].map((version) => join(root, version, "nats-server")),
  );
  expect((await readdir(root)).toSorted()).toEqual(["2.15.0", "2.15.1"]);
  expect(await readdir(join(root, "2.15.0"))).toEqual(["nats-server"]);
});

it("leaves nothing of a fetch that fails or brings what is too old", async () => {
  const cache = await scratchDirectory();
  const env = { XDG_CACHE_HOME: cache };
  await expect(installInCache(env, () => Promise.reject(new Error("line cut")))).rejects.toThrow("line cut");
  await expect(installInCache(env, fakeFetch("2.9.10"))).rejects.toThrow("2.12.1 or newer is needed");
  expect(await readdir(join(cache, "tandem", "nats-server"))).toEqual([]);
});

it("removes what a killed process left, and not what another is fetching", async () => {
  const cache = await scratchDirectory();
  const root = join(cache, "tandem", "nats-server");
  await mkdir(join(root, ".partial-old"), { recursive: true });
  await mkdir(join(root, ".partial-new"));
  const anHourAgo = new Date(Date.now() - 3_600_000);
  await utimes(join(root, ".partial-old"), anHourAgo, anHourAgo);
  await installInCache({ XDG_CACHE_HOME: cache }, fakeFetch("2.15.0"));
  expect((await readdir(root)).toSorted()).toEqual([".partial-new", "2.15.0"]);
});
