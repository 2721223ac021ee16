import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runInit } from "./command.ts";
import { writeNew } from "./write-new.ts";

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tandem-init-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function init(cwd: string, ...argv: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const io = { cwd, stdout: (text: string) => void (out += text), stderr: (text: string) => void (err += text) };
  const code = await runInit(argv, io);
  return { code, out, err };
}

describe("a project that is begun", () => {
  it("is written into an empty folder, a new one, and one with a package.json, which keeps what it says", async () => {
    const folder = emptyFolder();
    const before = { name: "shop", dependencies: { "@tandem/runtime": "file:runtime.tgz" }, scripts: { lint: "x" } };
    writeFileSync(join(folder, "package.json"), JSON.stringify(before));
    expect(await init(folder)).toMatchObject({ code: 0, err: "" });
    const after = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    expect(after).toMatchObject({ ...before, type: "module", scripts: { lint: "x", test: "vitest run" } });
    expect(await init(folder, "deep/new", "--service", "billing", "--event", "invoiceSent")).toMatchObject({ code: 0 });
    const contract = readFileSync(join(folder, "deep/new/asyncapi.yaml"), "utf8");
    expect(contract).toContain("address: invoice.sent.{version}");
    expect(existsSync(join(folder, "deep/new/services/billing/main.ts"))).toBe(true);
  });

  it("keeps installed packages out of git, and leaves a .gitignore that is there as it is", async () => {
    const folder = emptyFolder();
    expect(await init(folder, "new")).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, "new/.gitignore"), "utf8")).toBe("node_modules/\n");
    writeFileSync(join(folder, ".gitignore"), "mine\n");
    expect(await init(folder)).toMatchObject({ code: 0, err: "" });
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("mine\n");
  });

  it("tells a package that says of no kind of modules what it is of now", async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "package.json"), JSON.stringify({ main: "index.js" }));
    expect((await init(folder)).out).toContain('"type": "module" now, and did not before');
    expect((await init(folder, "new")).out).not.toContain('"type"');
    mkdirSync(join(folder, "modules"));
    writeFileSync(join(folder, "modules/package.json"), JSON.stringify({ type: "module" }));
    expect((await init(folder, "modules")).out).not.toContain('"type"');
  });

  it("says how to go there so that a shell understands it, whatever the folder is called", async () => {
    const folder = emptyFolder();
    expect((await init(folder, "shop")).out).toContain("\n  cd shop\n");
    expect((await init(folder, "my shop's")).out).toContain("\n  cd 'my shop'\\''s'\n");
  });
});

describe("what is in the way", () => {
  it.each([
    ["--service", "../escape"],
    ["--service", ""],
    ["--event", "Parcel Sent"],
    ["--event", "__proto__"],
    ["--event", "constructor"],
    ["--event", "class"],
    ["--reader", "x".repeat(41)],
    ["--reader", "*/;process.exit()"],
    ["--reader", "parcels"],
    ["--colour", "red"],
  ])("%s %s is refused, and nothing is written", async (option, value) => {
    const folder = emptyFolder();
    const { code, out, err } = await init(folder, "new", option, value);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/\w/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("is listed, and nothing is written over or half-made", async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "asyncapi.yaml"), "mine");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ scripts: { test: "jest" } }));
    mkdirSync(join(folder, "services"));
    symlinkSync("nowhere", join(folder, "services/notices"));
    writeFileSync(join(folder, "generated"), "a file");
    const { code, err } = await init(folder);
    expect(code).toBe(1);
    expect(err).toContain("  asyncapi.yaml is there already\n");
    expect(err).toContain("  package.json has a script test already: rename it\n");
    expect(err).toMatch(/or name a folder of its own: tandem init DIR\n$/);
    expect(err).toContain("  services/notices is there already\n");
    expect(err).toContain("  generated is there already\n");
    expect(readdirSync(folder).toSorted()).toEqual(["asyncapi.yaml", "generated", "package.json", "services"]);
    expect(readFileSync(join(folder, "asyncapi.yaml"), "utf8")).toBe("mine");
  });

  it("is a package.json that says otherwise", async () => {
    const folder = emptyFolder();
    const text = JSON.stringify({ type: "commonjs", scripts: { test: "jest" } });
    writeFileSync(join(folder, "package.json"), text);
    const { code, err } = await init(folder);
    expect(code).toBe(1);
    expect(err).toContain('write "type": "module"');
    expect(err).toContain("package.json has a script test already");
    writeFileSync(join(folder, "package.json"), "{ no JSON");
    expect((await init(folder)).err).toContain("package.json is no JSON object: mend it first");
    expect(readdirSync(folder)).toEqual(["package.json"]);
  });

  it("is a place that nobody can write to", async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "file"), "");
    expect(await init(folder, "file")).toMatchObject({ code: 1, err: expect.stringContaining("file is a file") });
    const below = await init(folder, "file/below");
    expect(below).toMatchObject({
      code: 1,
      err: expect.stringContaining("nothing was written in file/below: ENOTDIR"),
    });
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("takes back what was made before it", async () => {
    const folder = emptyFolder();
    const files = new Map([
      ["one/two/three", ""],
      ["four", ""],
      ["four/five", ""],
    ]);
    await expect(writeNew(join(folder, "new"), files)).rejects.toThrow(/EEXIST|ENOTDIR/);
    expect(readdirSync(folder)).toEqual([]);
  });
});
