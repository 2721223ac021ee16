/** `diff` on contracts that come as packages: another team's, as it is installed here. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execFileSync } from "node:child_process";
import { beforeEach, describe, expect, it } from "vitest";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { run } from "../main.ts";

const contract = readFileSync(join(import.meta.dirname, "testdata", "unchanged", "base.yaml"), "utf8");
const narrower = contract.replace("weight: { type: integer }", "weight: { type: integer, maximum: 5 }");
const NAME = "@acme/parcels-contract";

let root = "";
let cwd = "";
beforeEach(async () => {
  root = await scratchDirectory();
  cwd = join(root, "packages/billing");
  put("packages/billing/copies/parcels.yaml", contract);
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function install(files: Readonly<Record<string, string>>, manifest: object = {}, at = "packages/billing"): void {
  const folder = `${at}/node_modules/${NAME}`;
  put(`${folder}/package.json`, JSON.stringify({ name: NAME, version: "1.5.0", ...manifest }));
  for (const [name, text] of Object.entries(files)) put(`${folder}/${name}`, text);
}

async function diff(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: "", stderr: "" };
  const code = await run(["diff", ...argv], {
    cwd,
    stdout: (text) => void (said.stdout += text),
    stderr: (text) => void (said.stderr += text),
  });
  return { code, ...said };
}

describe("a package", () => {
  it("is what a copy is compared with, by its name or by a file in it", async () => {
    install({ "asyncapi.yaml": narrower });
    for (const base of [NAME, `${NAME}@1.5.0`, `${NAME}/asyncapi.yaml`, `./node_modules/${NAME}`]) {
      const { code, stdout } = await diff("copies/parcels.yaml", "--against", base);
      expect(stdout).toMatch(/^copies\/parcels\.yaml:\d+:\d+ \w+ \S+ parcels\.sent v1 \/lines\/\*\/weight: /);
      expect(stdout).toContain(`${base.replace("@1.5.0", "")} 1.5.0: `);
      expect(code).toBe(1);
    }
  });

  it("is judged against the copy: what its new release breaks, at its line", async () => {
    install({ "asyncapi.yaml": narrower });
    const { code, stdout } = await diff(NAME, "--against", "copies/parcels.yaml");
    expect(stdout).toMatch(
      /^node_modules\/@acme\/parcels-contract\/asyncapi\.yaml:\d+:\d+ breaking \S+ parcels\.sent v1 \/lines\/\*\/weight: /,
    );
    expect(code).toBe(1);
  });

  it("may lie in a folder above, and say where its document is", async () => {
    install({ "dist/contract.yaml": contract }, { main: "./dist/contract.yaml" }, ".");
    const { code, stdout, stderr } = await diff("copies/parcels.yaml", "--against", NAME);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("no changes");
  });

  it.each([
    [
      "that is not installed",
      `${NAME}-gone`,
      "is no file and no installed package (there is no node_modules/@acme/parcels-contract-gone, here or in a folder above)",
    ],
    [
      "without a document",
      NAME,
      `${NAME} 1.5.0 has no asyncapi.yaml, no asyncapi.yml, no asyncapi.json in node_modules/${NAME}; it has orders.yaml. Name the file in it: ${NAME}/FILE`,
    ],
    ["without the file", `${NAME}/other.yaml`, `has no other.yaml in node_modules/${NAME}; it has orders.yaml.`],
    [
      "in another version",
      `${NAME}@2.0.0`,
      `${NAME} 2.0.0 is not what is installed: that is 1.5.0. Only what is installed is compared: npm install --no-save ${NAME}@2.0.0`,
    ],
  ])("%s is refused, exit 2, with what was looked for", async (_, base, said) => {
    install({ "orders.yaml": contract });
    const { code, stdout, stderr } = await diff("copies/parcels.yaml", "--against", base);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
  });

  it("that is no valid contract is shown with its faults, in its own file", async () => {
    install({ "asyncapi.yaml": contract.replace("x-stream:", "x-strem:") });
    const { code, stderr } = await diff("copies/parcels.yaml", "--against", NAME);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^node_modules\/@acme\/parcels-contract\/asyncapi\.yaml:\d+:\d+ error EXTENSION_UNKNOWN /m);
  });

  it("is not found where the contract is named and nothing is", async () => {
    const { code, stderr } = await diff(NAME, "--against", "copies/parcels.yaml");
    expect(code).toBe(2);
    expect(stderr).toContain(`cannot read ${NAME}: there is no such file and no installed package`);
  });
});

describe("in a git repository", () => {
  beforeEach(() => {
    const identity = ["-c", "user.name=a", "-c", "user.email=a@b.c"];
    execFileSync("git", ["init", "--quiet", "--initial-branch=main"], { cwd: root });
    execFileSync("git", ["add", "packages/billing/copies"], { cwd: root });
    execFileSync("git", [...identity, "commit", "--quiet", "--message", "Begin"], { cwd: root });
  });

  it("a branch that is called as a folder is, is the branch", async () => {
    execFileSync("git", ["branch", "copies"], { cwd: root });
    expect(await diff("copies/parcels.yaml", "--against", "copies")).toMatchObject({ code: 0, stderr: "" });
  });

  it("a branch that is called as a package is, is asked about", async () => {
    execFileSync("git", ["branch", "parcels"], { cwd: root });
    put("packages/billing/node_modules/parcels/asyncapi.yaml", narrower);
    const { code, stderr } = await diff("copies/parcels.yaml", "--against", "parcels");
    expect(code).toBe(2);
    expect(stderr).toContain("parcels is a commit and an installed package");
    expect(stderr).toContain("parcels^0");
    expect((await diff("copies/parcels.yaml", "--against", "parcels^0")).code).toBe(0);
    expect((await diff("copies/parcels.yaml", "--against", "./node_modules/parcels/asyncapi.yaml")).code).toBe(1);
  });

  it("what is nothing of all is said with what was looked for", async () => {
    const { code, stderr } = await diff("copies/parcels.yaml", "--against", NAME);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `${NAME} is neither a commit of this repository nor a file nor an installed package (there is no node_modules/${NAME}, here or in a folder above). Install it first.`,
    );
    expect((await diff("copies/parcels.yaml", "--against", "origin/gone")).stderr).toMatch(
      /is neither a commit of this repository nor a file\. In a shallow clone/,
    );
  });
});
