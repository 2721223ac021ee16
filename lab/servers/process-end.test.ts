import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("testdata/end-with-process.ts", import.meta.url));

async function run(way: string, signal?: NodeJS.Signals) {
  const child = spawn(process.execPath, [PROGRAM, way], { stdio: ["ignore", "pipe", "ignore"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
    if (signal !== undefined && output === "ready\n") child.kill(signal);
  });
  const [code, endedBy] = await new Promise<[number | null, string | null]>((closed) => {
    child.on("close", (...ending) => closed(ending));
  });
  return { output, code, endedBy };
}

it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "ends at %s, which the caller still sees as the reason",
  async (signal) => {
    expect(await run("wait", signal)).toEqual({ output: "ready\nended\n", code: null, endedBy: signal });
  },
);

it("ends at an uncaught error", async () => {
  expect(await run("throw")).toEqual({ output: "ended\n", code: 1, endedBy: null });
});

it("ends at process.exit", async () => {
  expect(await run("exit")).toEqual({ output: "ended\n", code: 3, endedBy: null });
});

it("leaves a signal to a program that has a shutdown of its own, and ends after it", async () => {
  expect(await run("listen", "SIGTERM")).toEqual({ output: "ready\nown shutdown\nended\n", code: 0, endedBy: null });
});
