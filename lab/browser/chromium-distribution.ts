/** Debian's own package and the libraries that it misses, unpacked and not installed. */
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { thisDistribution } from "../servers/apt-archive.ts";
import { reasonOf } from "../servers/lab-error.ts";
import { ARCHIVES, privateApt } from "../servers/private-apt.ts";
import { runCommand } from "../servers/run-command.ts";
import { keepChromium } from "./chromium-cache.ts";
import { type ChromiumSource, FONTS_FILE } from "./chromium-program.ts";

/** The fonts of the machine, and those that came along because it has none. */
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">usr/share/fonts</dir>
  <cachedir prefix="relative">font-cache</cachedir>
</fontconfig>
`;

/**
 * Works as root and as an ordinary user. The packages come from the sources that the machine's apt has, since the
 * libraries must go with its own.
 */
export const distributionChromium: ChromiumSource = {
  name: "distribution's package",
  timeoutMs: 300_000,
  async find({ env, onProgress, signal }) {
    const distribution = await thisDistribution();
    if (distribution === undefined) throw new Error("this machine runs no Debian");
    if (distribution.origin === "Ubuntu") throw new Error("Ubuntu has Chromium as a snap only, which is not unpacked");
    onProgress("fetching the chromium package of Debian (110 MB)");
    return await keepChromium(env, signal, async (into) => {
      const apt = await privateApt(into, { signal });
      // Of several sources one may be down, and chromium come from another.
      const updated = await apt("update").then(
        () => "",
        (error: unknown) => `${reasonOf(error)}; `,
      );
      try {
        await apt("install", "--download-only", "--no-install-recommends", "--yes", "chromium");
      } catch (error) {
        throw new Error(`${updated}${reasonOf(error)}`, { cause: error });
      }
      const archives = join(into, "apt", ARCHIVES);
      const names = (await readdir(archives)).filter((name) => name.endsWith(".deb"));
      if (names.length === 0) throw new Error("chromium is installed already, and is not on the PATH");
      for (const name of names) {
        await runCommand("dpkg", ["-x", join(archives, name), into], { signal, timeoutMs: 120_000 });
      }
      await rm(join(into, "apt"), { recursive: true });
      await writeFile(join(into, FONTS_FILE), FONTS);
    });
  },
};
