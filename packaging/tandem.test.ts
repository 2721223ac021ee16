import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import { expect, it } from "vitest";

const TANDEM = fileURLToPath(new URL("./tandem.mjs", import.meta.url));

/** Runs the command under a Node that says it is another one. */
function runUnder(node: string): Promise<{ code: unknown; stderr: string }> {
  const pretend = `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"${node}"}})`;
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; stderr: string }>();
  execFile(process.execPath, ["--import", pretend, TANDEM], (error, _stdout, stderr) => {
    resolve({ code: error?.code, stderr });
  });
  return promise;
}

it.each(["12.22.12", "20.20.2", "22.17.9"])("answers Node %s with a sentence", async (node) => {
  const { code, stderr } = await runUnder(node);
  expect(code).toBe(1);
  expect(stderr).toContain(`tandem needs Node 22.18 or newer; this is Node ${node}.\n`);
  expect(stderr).not.toContain("    at ");
});

it.each(["22.18.0", "24.0.0"])("starts the tool under Node %s", async (node) => {
  // Beside the source there is no bundle, so getting as far as looking for it is what can be seen here.
  expect((await runUnder(node)).stderr).toContain("ERR_MODULE_NOT_FOUND");
});

it("holds no syntax that Node 12 cannot parse", async () => {
  const source = await readFile(TANDEM, "utf8");
  const lowered = await transform(source, { loader: "js", format: "esm", target: "node12.20" });
  const kept = await transform(source, { loader: "js", format: "esm", target: "esnext" });
  expect(lowered.code).toBe(kept.code);
});
