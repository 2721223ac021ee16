import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { cachedChromium, keepChromium } from "./chromium-cache.ts";
import { installedChromium } from "./chromium-installed.ts";
import type { ChromiumSource } from "./chromium-program.ts";
import { findChromium } from "./find-chromium.ts";

async function fakeProgram(path: string, says: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "${says}"\n`);
  await chmod(path, 0o755);
  return path;
}

const ask = (source: ChromiumSource, env: NodeJS.ProcessEnv) =>
  source.find({ env, onProgress: () => {}, signal: AbortSignal.timeout(20_000) });

const failing = (name: string, reason: string): ChromiumSource => ({
  name,
  timeoutMs: 1_000,
  find: () => Promise.reject(new Error(reason)),
});

describe("findChromium", () => {
  it("names everything that was tried, and what to do", async () => {
    const sources = [failing("PATH", "nothing there"), failing("distribution's package", "no Debian")];
    await expect(findChromium({ env: {}, sources })).rejects.toMatchObject({
      code: "BINARY_NOT_FOUND",
      message: [
        "No Chromium could be had, which the tests of pages need. Tried:",
        "  PATH: nothing there",
        "  distribution's package: no Debian",
        "Install Chromium or Chrome, or set CHROMIUM_BIN to the path of one.",
      ].join("\n"),
    });
  });

  it("takes CHROMIUM_BIN before everything else, and nothing instead of one that will not do", async () => {
    const scratch = await scratchDirectory();
    const sources = [failing("PATH", "not asked")];
    const path = await fakeProgram(join(scratch, "mine"), "Google Chrome 150.0.1.2 beta");
    expect(await findChromium({ env: { CHROMIUM_BIN: path }, sources })).toEqual({
      path,
      version: "150.0.1.2",
      env: {},
    });
    const snap = await fakeProgram(join(scratch, "snap"), "Command requires the chromium snap to be installed.");
    await expect(findChromium({ env: { CHROMIUM_BIN: snap }, sources })).rejects.toThrow(
      /^CHROMIUM_BIN names a program that will not do: .*Command requires the chromium snap/,
    );
  });
});

describe("sources that need no network", () => {
  it("passes over what only has the name", async () => {
    const scratch = await scratchDirectory();
    await fakeProgram(join(scratch, "a/chromium-browser"), "install the snap");
    const path = await fakeProgram(join(scratch, "b/google-chrome"), "Google Chrome 151.0.0.1");
    await expect(ask(installedChromium, { PATH: `${scratch}/a:${scratch}/b` })).resolves.toMatchObject({ path });
  });

  it("takes the newest of the cache that runs, with its libraries and fonts", async () => {
    const cache = await scratchDirectory();
    const env = { XDG_CACHE_HOME: cache };
    const keep = (version: string) =>
      keepChromium(env, AbortSignal.timeout(20_000), async (into) => {
        await fakeProgram(join(into, "usr/lib/chromium/chromium"), `Chromium ${version} built on Debian`);
        await mkdir(join(into, "usr/lib/x86_64-linux-gnu/nss"), { recursive: true });
      });
    const [first, same] = await Promise.all([keep("99.0.0.1"), keep("99.0.0.1"), keep("156.0.0.1")]);
    expect(first).toEqual(same);
    const folder = join(cache, "tandem/chromium/156.0.0.1");
    await expect(ask(cachedChromium, env)).resolves.toMatchObject({
      path: join(folder, "usr/lib/chromium/chromium"),
      version: "156.0.0.1",
      env: {
        LD_LIBRARY_PATH: expect.stringContaining(join(folder, "usr/lib/x86_64-linux-gnu/nss")),
        FONTCONFIG_FILE: join(folder, "fonts.conf"),
      },
    });
    await chmod(join(folder, "usr/lib/chromium/chromium"), 0o644);
    await expect(ask(cachedChromium, env)).resolves.toMatchObject({ version: "99.0.0.1" });
  });
});
