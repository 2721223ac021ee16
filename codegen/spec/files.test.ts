import { describe, expect, it } from "vitest";
import { readFiles, type Linked } from "./files.ts";
import { nodeAt } from "./node.ts";
import { shownPlace } from "./pointer.ts";

async function linked(file: string, files: Readonly<Record<string, string>>): Promise<Linked> {
  return await readFiles(file, files[file] ?? "", async (path) => files[path]);
}

const several = {
  "contracts/asyncapi.yaml": "a: { $ref: './parts/one.yaml#/x' }\nown: { $ref: '#/a' }\nb: 1\n",
  "contracts/parts/one.yaml":
    "x: { $ref: '#/y' }\ny: { $ref: '../../other.json#/list/1' }\nback: { $ref: '../asyncapi.yaml#/b' }\n",
  "other.json": '{\n  "list": [0, { "deep": true }]\n}\n',
};

describe("the files of a contract", () => {
  it("are one document, in which references are followed from file to file", async () => {
    const { source, faults } = await linked("contracts/asyncapi.yaml", several);
    expect(faults).toEqual([]);
    expect(nodeAt(source.data, "/own")).toMatchObject({ at: "/..~1other.json/list/1", value: { deep: true } });
    expect(nodeAt(source.data, "/.~1parts~1one.yaml/back")).toMatchObject({ at: "/b", value: 1 });
    expect([...source.texts.keys()]).toEqual(["contracts/asyncapi.yaml", "contracts/parts/one.yaml", "other.json"]);
  });

  it("have their own lines", async () => {
    const { source } = await linked("contracts/asyncapi.yaml", several);
    expect(source.locate("/..~1other.json/list/1/deep")).toMatchObject({ file: "other.json", line: 2 });
    expect(source.locate("/.~1parts~1one.yaml/y")).toMatchObject({ file: "contracts/parts/one.yaml", line: 2, col: 1 });
    expect(source.locate("/b")).toMatchObject({ file: "contracts/asyncapi.yaml", line: 3 });
    expect(shownPlace("/.~1parts~1one.yaml/y")).toBe("./parts/one.yaml#/y");
  });

  it("are left out where they cannot be read, and named where they cannot be understood", async () => {
    const { source, faults } = await linked("a.yaml", {
      "a.yaml": "x: { $ref: './nowhere.yaml#/y' }\nz: { $ref: './bad.yaml' }\n",
      "bad.yaml": "- [",
    });
    expect(nodeAt(source.data, "/x")).toBeUndefined();
    expect(faults).toEqual([expect.objectContaining({ file: "bad.yaml", code: "YAML_SYNTAX" })]);
  });

  it("may be text in no language that is read here", async () => {
    const { source, faults } = await linked("a.yaml", {
      "a.yaml": "x: { $ref: './order.proto' }\n",
      "order.proto": 'syntax = "proto3"; message A { }',
    });
    expect(faults).toEqual([]);
    expect(nodeAt(source.data, "/x")?.value).toContain("proto3");
  });

  it("are not the network's, nor a loop's", async () => {
    const { source } = await linked("a.yaml", {
      "a.yaml": "x: { $ref: 'https://x.invalid/a.yaml' }\ny: { $ref: 'b.yaml' }\n",
      "b.yaml": "z: { $ref: 'a.yaml#/y' }\nw: { $ref: 'b.yaml#/z' }\n",
    });
    expect(nodeAt(source.data, "/x")).toBeUndefined();
    expect(nodeAt(source.data, "/y/w")).toMatchObject({ at: "/.~1b.yaml" });
  });

  it("have names that a pointer or an address would escape", async () => {
    const { source } = await linked("a.yaml", {
      "a.yaml": "x: { $ref: './a%20b~c.yaml#/p~1q' }\n",
      "a b~c.yaml": "p/q: 1\n",
    });
    expect(nodeAt(source.data, "/x")?.value).toBe(1);
  });
});
