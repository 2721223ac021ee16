import { once } from "node:events";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { findNatsServer } from "./nats-binary.ts";
import { checkNatsBinary, type NatsSource } from "./nats-binary-source.ts";
import { cachedBinary, installedBinary } from "./nats-source-local.ts";

async function fakeServer(directory: string, says: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, "nats-server");
  await writeFile(path, `#!/bin/sh\necho "${says}"\n`);
  await chmod(path, 0o755);
  return path;
}

const failing = (name: string, reason: string): NatsSource => ({
  name,
  timeoutMs: 1_000,
  find: () => Promise.reject(new Error(reason)),
});

describe("findNatsServer", () => {
  it("names everything that was tried, in order, and what to do, when every source fails", async () => {
    const sources = [
      failing("PATH", "nothing there"),
      failing("cache", "empty"),
      failing("release archive", "no way out"),
    ];
    await expect(findNatsServer({ env: {}, sources })).rejects.toMatchObject({
      name: "LabError",
      code: "BINARY_NOT_FOUND",
      message: [
        "No nats-server 2.12.1 or newer could be had. Tried:",
        "  PATH: nothing there",
        "  cache: empty",
        "  release archive: no way out",
        "Do one of these: install nats-server (https://github.com/nats-io/nats-server/releases);",
        "set NATS_SERVER_BIN to the path of one; or set NATS_URL to a server that runs with JetStream.",
      ].join("\n"),
    });
  });

  it("takes the first source that has one, and asks no further", async () => {
    const binary = { path: "/somewhere/nats-server", version: "2.15.0" };
    const second: NatsSource = { name: "second", timeoutMs: 1_000, find: () => Promise.resolve(binary) };
    const third: NatsSource = { name: "third", timeoutMs: 1_000, find: () => expect.unreachable() };
    await expect(findNatsServer({ env: {}, sources: [failing("first", "no"), second, third] })).resolves.toEqual(
      binary,
    );
  });

  it("goes on when a source is out of time", async () => {
    const slow: NatsSource = {
      name: "slow",
      timeoutMs: 1,
      async find({ signal }) {
        await once(signal, "abort");
        throw new Error("stopped in time");
      },
    };
    await expect(findNatsServer({ env: {}, sources: [slow] })).rejects.toThrow("slow: stopped in time");
  });

  it("takes NATS_SERVER_BIN before everything else", async () => {
    const path = await fakeServer(await scratchDirectory(), "nats-server: v2.13.2");
    const sources = [failing("PATH", "not asked")];
    await expect(findNatsServer({ env: { NATS_SERVER_BIN: path }, sources })).resolves.toEqual({
      path,
      version: "2.13.2",
    });
  });

  it("refuses a NATS_SERVER_BIN that will not do instead of taking another", async () => {
    const sources: NatsSource[] = [{ name: "any", timeoutMs: 1_000, find: () => expect.unreachable() }];
    const old = await fakeServer(await scratchDirectory(), "nats-server: v2.9.10");
    await expect(findNatsServer({ env: { NATS_SERVER_BIN: old }, sources })).rejects.toThrow(
      /^NATS_SERVER_BIN names a program that will not do: .* is 2\.9\.10, and 2\.12\.1 or newer is needed/,
    );
    await expect(findNatsServer({ env: { NATS_SERVER_BIN: "/nowhere/nats-server" }, sources })).rejects.toThrow(
      /there is no such program here/,
    );
  });
});

describe("checkNatsBinary", () => {
  it("refuses a program that is something else", async () => {
    const path = await fakeServer(await scratchDirectory(), "something 9.9.9");
    await expect(checkNatsBinary(path)).rejects.toThrow('is no nats-server: to --version it says "something 9.9.9"');
  });
});

describe("sources that need no network", () => {
  const ask = (source: NatsSource, env: NodeJS.ProcessEnv) =>
    source.find({ env, onProgress: () => {}, signal: AbortSignal.timeout(5_000) });

  it("passes over one on PATH that is too old", async () => {
    const scratch = await scratchDirectory();
    await fakeServer(join(scratch, "old"), "nats-server: v2.10.27");
    const path = await fakeServer(join(scratch, "new"), "nats-server: v2.12.1");
    await expect(ask(installedBinary, { PATH: `${scratch}/old:${scratch}/new` })).resolves.toEqual({
      path,
      version: "2.12.1",
    });
    await expect(ask(installedBinary, { PATH: `${scratch}/old` })).rejects.toThrow("is 2.10.27");
    await expect(ask(installedBinary, { PATH: scratch })).rejects.toThrow("there is no nats-server on it");
  });

  it("takes the newest in the cache that runs", async () => {
    const cache = await scratchDirectory();
    const versions = join(cache, "tandem", "nats-server");
    const path = await fakeServer(join(versions, "2.13.10"), "nats-server: v2.13.10");
    await fakeServer(join(versions, "2.13.9"), "nats-server: v2.13.9");
    await fakeServer(join(versions, "2.15.0"), "broken");
    await expect(ask(cachedBinary, { XDG_CACHE_HOME: cache })).resolves.toEqual({ path, version: "2.13.10" });
  });

  it("takes none from a cache that others may write to", async () => {
    const cache = await scratchDirectory();
    await fakeServer(join(cache, "tandem", "nats-server", "2.15.0"), "nats-server: v2.15.0");
    await chmod(join(cache, "tandem"), 0o777);
    await expect(ask(cachedBinary, { XDG_CACHE_HOME: cache, PATH: "" })).rejects.toThrow("nothing was fetched before");
  });
});
