import { describe, expect, it } from "vitest";
import { distributionOf, urisOfLists, urisOfSources } from "./apt-archive.ts";

describe("distributionOf", () => {
  it.each([
    ['PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n', "Debian"],
    ["ID=ubuntu\nID_LIKE=debian\n", "Ubuntu"],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', "Ubuntu"],
    ["ID=raspbian\nID_LIKE=debian\n", "Debian"],
  ])("%j is %s", (osRelease, origin) => {
    expect(distributionOf(osRelease)?.origin).toBe(origin);
  });

  it.each(["", "ID=fedora\n", 'ID="alpine"\n', "VARIANT_ID=debian\n"])("%j is neither", (osRelease) => {
    expect(distributionOf(osRelease)).toBeUndefined();
  });
});

describe("urisOfLists", () => {
  it("takes the distribution's archive, once, and no side suite or other archive", () => {
    const listed = [
      "Debian|bookworm-security|http://security.example/debian-security/",
      "Other|stable|https://packages.example/debian/",
      "Debian|bookworm|http://mirror.example/debian/",
      "Debian|bookworm-updates|http://mirror.example/debian/",
      "",
    ];
    expect(urisOfLists(listed.join("\n"), "Debian")).toEqual(["http://mirror.example/debian"]);
  });

  it("finds none where there are no lists", () => {
    expect(urisOfLists("", "Debian")).toEqual([]);
  });
});

describe("urisOfSources", () => {
  it("puts the archive that has updates first", () => {
    const printed = [
      "'https://packages.example/linux/debian/dists/bookworm/InRelease' packages_InRelease 0 ",
      "'http://mirror.example/debian/dists/bookworm/InRelease' mirror_InRelease 0 ",
      "'http://mirror.example/debian/dists/bookworm-updates/InRelease' mirror_InRelease 0 ",
      "'http://mirror.example/debian-security/dists/bookworm-security/InRelease' mirror_InRelease 0 ",
      "'http://mirror.example/debian/dists/bookworm/main/binary-amd64/Packages.xz' mirror_Packages 0 ",
    ];
    expect(urisOfSources(printed.join("\n"))).toEqual([
      "http://mirror.example/debian",
      "https://packages.example/linux/debian",
    ]);
  });

  it("finds none in nothing", () => {
    expect(urisOfSources("")).toEqual([]);
  });
});
