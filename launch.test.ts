import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const LAUNCH = fileURLToPath(new URL("./launch.mjs", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tandem-launch-"));
  await writeFile(join(folder, "echo.ts"), "const args: string[] = process.argv.slice(2); console.log(args.join());");
  await writeFile(join(folder, "fail.ts"), 'throw new Error("from the file" as string);');
});
afterAll(() => rm(folder, { recursive: true }));

function launch(args: readonly string[], nodeOptions: readonly string[] = []) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [...nodeOptions, LAUNCH, ...args], { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error ? error.code : 0, stdout, stderr });
    });
  });
}

describe("launch.mjs", () => {
  it("runs a TypeScript file with the arguments that follow it", async () => {
    expect(await launch(["echo.ts", "--help", "x"])).toMatchObject({ code: 0, stdout: "--help,x\n" });
  });

  it("lets a failing file fail", async () => {
    expect(await launch(["fail.ts"])).toMatchObject({ code: 1, stderr: expect.stringContaining("from the file") });
  });

  it("says what is needed where Node cannot run TypeScript", async () => {
    const { code, stdout, stderr } = await launch(["echo.ts"], ["--no-experimental-strip-types"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /^echo\.ts is TypeScript, which needs Node 22\.18 or newer .*; this is Node \d+\.\d+\.\d+\.\n/,
    );
    expect(stderr).toContain("npx node launch.mjs echo.ts");
    expect(stderr).not.toContain("    at ");
  });

  it.each([
    [[], "launch.mjs needs the file to start"],
    [["nope.ts"], "There is no file "],
  ])("answers %j with one sentence", async (args, sentence) => {
    const { code, stderr } = await launch(args);
    expect(code).toBe(1);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  it("holds no syntax that Node 12 cannot parse", async () => {
    const source = await readFile(LAUNCH, "utf8");
    const lowered = await transform(source, { loader: "js", format: "esm", target: "node12.20" });
    const kept = await transform(source, { loader: "js", format: "esm", target: "esnext" });
    expect(lowered.code).toBe(kept.code);
  });
});
