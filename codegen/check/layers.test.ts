import { describe, expect, it } from "vitest";
import { findLayerBreaks, type LayerTable } from "./layers.ts";

const TABLE: LayerTable = {
  scope: "@ours/",
  aliases: { "#made/": "made/" },
  layers: [
    { folder: "base", mayImport: [], hint: "The base stands alone." },
    { folder: "made", mayImport: ["@ours/base"], hint: "Mend the emitter." },
    {
      folder: "rooms/*",
      mayImport: ["@ours/base", "made", { to: "shapes", typesOnly: true }, { to: "extras", from: "rooms/*/main.ts" }],
      hint: "Rooms do not know each other.",
    },
    { folder: "lab", mayImport: "anything", hint: "" },
    { folder: ".", mayImport: "anything", hint: "" },
  ],
  kept: [{ library: "{wire,@wire/*}", by: "base/wire/**", typesBy: "base/types.ts", hint: "Use the base." }],
  tests: "**/*.test.ts",
  testsMayImport: ["lab"],
};

function check(file: string, text: string): string[] {
  return findLayerBreaks(new Map([[file, text]]), TABLE).map(
    ({ line, col, width, message, hint }) => `${line}:${col}+${width} ${message} ${hint}`,
  );
}

describe("the forms of an import", () => {
  const refused = "rooms/a may not import rooms/b/x.ts. Rooms do not know each other.";
  it.each([
    [`import { x } from "../b/x.ts";`, 1, 19, 11],
    [`import "../b/x.ts";`, 1, 8, 11],
    [`import type { X } from "../b/x.ts";`, 1, 24, 11],
    [`\nexport { x } from '../b/x.ts';`, 2, 19, 11],
    [`export * from "../b/x.ts";`, 1, 15, 11],
    [`export type * from "../b/x.ts";`, 1, 20, 11],
    [`function f() {\n  return import("../b/x.ts");\n}`, 2, 17, 11],
    ["void import(`../b/x.ts`);", 1, 13, 11],
    [`type X = import("../b/x.ts").X;`, 1, 17, 11],
    [`const x = require("../b/x.ts");`, 1, 19, 11],
    [`const x = import.meta.resolve("../b/x.ts");`, 1, 31, 11],
    [`import x = require("../b/x.ts");`, 1, 20, 11],
  ])("reads %j", (text, line, col, width) => {
    expect(check("rooms/a/here.ts", text)).toEqual([`${line}:${col}+${width} ${refused}`]);
  });

  it("takes no comment and no string for an import", () => {
    const text = `// import "../b/x.ts"\nconst s = 'import "../b/x.ts"';\nconst t = { import: (a: string) => a }.import("../b/x.ts");`;
    expect(check("rooms/a/here.ts", text)).toEqual([]);
  });

  it("refuses a computed import, whose direction nobody can read, except in a test", () => {
    const text = "const x = await import(name);";
    expect(check("rooms/a/here.ts", text)).toEqual([
      "1:24+4 The module of this import() is computed, so its layer cannot be read. Name it in a literal.",
    ]);
    expect(check("rooms/a/here.test.ts", text)).toEqual([]);
  });

  it("reports every break of every file, in order", () => {
    const files = new Map([
      ["base/a.ts", `import "../made/a.ts";\nimport "../lab/a.ts";`],
      ["made/a.ts", `import "../base/a.ts";`],
    ]);
    expect(findLayerBreaks(files, TABLE).map(({ file, line, specifier }) => `${file}:${line} ${specifier}`)).toEqual([
      "base/a.ts:1 ../made/a.ts",
      "base/a.ts:2 ../lab/a.ts",
      "made/a.ts:1 ../base/a.ts",
    ]);
  });
});

describe("who may import what", () => {
  it.each([
    ["base/deep/a.ts", "../b.ts"],
    ["base/a.ts", "node:fs"],
    ["base/a.ts", "some-library"],
    ["base/wire/a.ts", "@wire/core/deep"],
    ["made/deep/a.ts", "@ours/base"],
    ["rooms/a/deep/a.ts", "../b.ts"],
    ["rooms/a/a.ts", "#made/thing.ts"],
    ["rooms/a/a.ts", "../../made/thing.ts"],
    ["rooms/a/main.ts", "../../extras/e.ts"],
    ["rooms/a/a.test.ts", "../../lab/servers.ts"],
    ["rooms/a/a.test.ts", "wire"],
    ["lab/a.ts", "../rooms/a/a.ts"],
    ["lab/a.ts", "wire"],
    ["config.ts", "./lab/a.ts"],
  ])("%s may import %s", (file, specifier) => {
    expect(check(file, `import "${specifier}";`)).toEqual([]);
  });

  it.each([
    ["base/a.ts", "#made/thing.ts", "base may not import made/thing.ts."],
    ["base/a.ts", "@ours/base", "base may not import @ours/base."],
    ["base/a.ts", "@wire/core", "@wire/core is imported outside base/wire/**."],
    ["base/a.ts", "wire", "wire is imported outside base/wire/**."],
    ["made/a.ts", "../base/a.ts", "made may not import base/a.ts."],
    ["made/a.ts", "@ours/base/inside", "made may not import @ours/base/inside."],
    ["rooms/a/a.ts", "@ours/tool", "rooms/a may not import @ours/tool."],
    ["rooms/a/a.ts", "../../extras/e.ts", "rooms/a may not import extras/e.ts."],
    ["rooms/a/a.ts", "../../config.ts", "rooms/a may not import config.ts."],
    ["rooms/a/a.ts", "../../lab/servers.ts", "rooms/a may not import lab/servers.ts."],
    ["rooms/a/a.test.ts", "../b/b.ts", "rooms/a may not import rooms/b/b.ts."],
    ["rooms/alone.ts", "node:fs", "No layer holds rooms/alone.ts."],
    ["attic/a.ts", "node:fs", "No layer holds attic/a.ts."],
  ])("%s may not import %s", (file, specifier, message) => {
    expect(check(file, `import "${specifier}";`)).toEqual([expect.stringContaining(message)]);
  });

  it("opens a layer, or a library, to types alone", () => {
    expect(check("rooms/a/a.ts", `import type { S } from "../../shapes/s.ts";`)).toEqual([]);
    expect(check("rooms/a/a.ts", `import { type S } from "../../shapes/s.ts";`)).toEqual([
      "1:24+19 rooms/a may import only types of shapes. Write `import type`.",
    ]);
    expect(check("base/types.ts", `import type { Client } from "wire";`)).toEqual([]);
    expect(check("base/types.ts", `import { Client } from "wire";`)).toHaveLength(1);
    expect(check("base/other.ts", `import type { Client } from "wire";`)).toHaveLength(1);
  });
});
