import { expect, it } from "vitest";
import { archiveFor } from "./nats-source-release.ts";
import { MINIMUM_NATS_VERSION, isAtLeast } from "./server-version.ts";

it.each([
  ["linux", "x64", "linux-amd64"],
  ["linux", "arm64", "linux-arm64"],
  ["darwin", "x64", "darwin-amd64"],
  ["darwin", "arm64", "darwin-arm64"],
])("pins an archive for %s on %s", (platform, arch, target) => {
  const archive = archiveFor(platform, arch);
  expect(archive?.name).toMatch(new RegExp(`^nats-server-v[0-9.]+-${target}$`));
  expect(archive?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(isAtLeast(archive?.name ?? "", MINIMUM_NATS_VERSION)).toBe(true);
});

it("pins none for another", () => {
  expect(archiveFor("win32", "x64")).toBeUndefined();
  expect(archiveFor("linux", "s390x")).toBeUndefined();
});
