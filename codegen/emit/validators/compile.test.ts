import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { JsonSchema } from "../../model/model.ts";
import { emit } from "../emit.ts";
import { eventOf, modelOf, routeOf } from "../testing/model.ts";
import { writeFiles } from "../testing/write-files.ts";

interface Validate {
  (value: unknown): boolean;
  errors?: readonly { readonly instancePath: string; readonly keyword: string }[] | null;
}

const directories: string[] = [];

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

const Item: JsonSchema = {
  type: "object",
  required: ["id", "size"],
  properties: { id: { type: "string", minLength: 1 }, size: { type: "integer" } },
};
const Order: JsonSchema = {
  type: "object",
  required: ["items"],
  properties: { items: { type: "array", items: { $ref: "#/definitions/Item" } } },
};

describe("a message's validator", () => {
  it("leaves the first violation on itself, also one that a shared validator found", async () => {
    const { validate } = await load({ schemas: { Item }, schema: Order });
    expect(validate({ items: [{ id: "", size: "x" }, {}] })).toBe(false);
    expect(validate.errors).toHaveLength(1);
    expect(validate.errors?.[0]).toMatchObject({
      instancePath: "/items/0/id",
      keyword: "minLength",
      params: { limit: 1 },
    });
    expect(validate({ items: [{ id: "a", size: 1 }] })).toBe(true);
    expect(validate.errors).toBeNull();
  });

  it("imports shared validators and holds none of their code", async () => {
    const { text } = await load({ schemas: { Item }, schema: Order });
    expect(text).toContain('from "../../schemas/item.validate.js"');
    expect(text).not.toContain("minLength");
  });

  it("is an ES module on its own: no require, no package, no path of the machine that made it", async () => {
    const schema = {
      properties: {
        a: { type: "string", maxLength: 3, format: "uri" },
        b: { enum: [{ c: 1 }] },
        c: { uniqueItems: true },
      },
    };
    const { files } = await load({ schema });
    for (const [path, text] of files) {
      if (!path.endsWith(".js")) continue;
      expect(text).not.toMatch(/require\(|from "(?!\.)|process\.|\/node_modules\//);
    }
  });

  it("is the same whatever else the contract holds", async () => {
    const alone = await load({ schemas: { Item }, schema: Order });
    const among = await load({ schemas: { Aaa: Item, Item, Zzz: Order }, schema: Order });
    expect(among.text).toBe(alone.text);
  });

  it.each([
    [
      "text and objects in enum, const and uniqueItems",
      { type: "array", uniqueItems: true, items: { enum: [{ a: [1] }, "b", null] } },
      [[{ a: [1] }, "b", null], []],
      [[{ a: [2] }], ["b", "b"], [{ a: [1] }, { a: [1] }]],
    ],
    [
      "code points, not code units",
      { type: "string", minLength: 2, maxLength: 2 },
      ["ab", "😀😀", "\ud83da"],
      ["😀", "a", "😀😀😀"],
    ],
    ["a pattern that is only one without Unicode", { type: "string", pattern: "^\\_$" }, ["_"], ["a"]],
    ["a pattern that is none", { type: "string", pattern: "(" }, ["a"], [1]],
    ["an unknown format", { type: "string", format: "colour" }, ["a"], [1]],
    [
      "keywords of others",
      { type: "string", discriminator: "kind", nullable: false, title: "T", $comment: "c" },
      ["a"],
      [null],
    ],
    ["nullable without a type", { nullable: true, enum: ["a"] }, ["a"], [null]],
    [
      "conditions and dependencies",
      {
        type: "object",
        dependencies: { a: ["b"], c: { required: ["d"] } },
        if: { required: ["x"] },
        then: { required: ["y"] },
      },
      [{}, { a: 1, b: 1 }, { x: 1, y: 1 }],
      [{ a: 1 }, { c: 1 }, { x: 1 }],
    ],
    [
      "names that objects inherit",
      { type: "object", properties: { toString: { type: "string" } }, required: ["constructor"] },
      [{ constructor: 1 }],
      [{}, { constructor: 1, toString: 2 }],
    ],
    [
      "arrays that contain something, one after another",
      { type: "array", items: { type: "array", contains: { type: "integer" } } },
      [[], [[1]], [["a", 1], [2]]],
      [[[]], [[1], []], [[1], ["a"]]],
    ],
  ] as const)("reads %s", async (_, schema, valid, invalid) => {
    const { validate } = await load({ schema });
    for (const value of valid) expect([value, validate(value)]).toEqual([value, true]);
    for (const value of invalid) expect([value, validate(value)]).toEqual([value, false]);
  });

  it("names the schema that cannot be compiled", async () => {
    const broken = emit(modelOf({ events: [eventOf({ type: "no such type" })] }));
    await expect(broken).rejects.toThrow("the schema at #/components/schemas/MadeV1 cannot be compiled");
  });
});

describe("a body's validator", () => {
  it("reports every violation, in shared schemas too, at its place", async () => {
    const { validate, text } = await load({ schemas: { Item }, schema: Order, route: true });
    expect(validate({ items: [{ id: "", size: "x" }, {}] })).toBe(false);
    expect(validate.errors?.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)).toEqual([
      "/items/0/id minLength",
      "/items/0/size type",
      "/items/1 required",
      "/items/1 required",
    ]);
    expect(text).not.toContain("import { validate");
  });

  it("follows recursion", async () => {
    const Tree: JsonSchema = {
      type: "object",
      required: ["value"],
      properties: { value: { type: "number" }, next: { $ref: "#/definitions/Tree" } },
    };
    const { validate } = await load({
      schemas: { Tree },
      schema: { type: "array", items: { $ref: "#/definitions/Tree" } },
      route: true,
    });
    expect(validate([{ value: 1, next: { value: 2 } }])).toBe(true);
    expect(validate([{ value: 1, next: { value: 2, next: {} } }])).toBe(false);
    expect(validate.errors?.[0]?.instancePath).toBe("/0/next/next");
  });
});

/** Emits a model with one message or one body, and loads its validator from the disk. */
async function load({
  schemas = {},
  schema,
  route = false,
}: {
  schemas?: Record<string, JsonSchema>;
  schema: JsonSchema;
  route?: boolean;
}) {
  const { files } = await emit(
    modelOf(route ? { schemas, routes: [routeOf(schema)] } : { schemas, events: [eventOf(schema)] }),
  );
  const directory = mkdtempSync(join(tmpdir(), "validators-"));
  directories.push(directory);
  writeFiles(directory, files);
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  const path = join(directory, route ? "http/make.body.validate.js" : "events/made/v1.validate.js");
  const { validate }: { validate: Validate } = await import(pathToFileURL(path).href);
  return { validate, files, text: readFileSync(path, "utf8") };
}
