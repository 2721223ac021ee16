import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const TANDEM = fileURLToPath(new URL("../main.ts", import.meta.url));

const FILES = {
  "package.json": JSON.stringify({ type: "module", imports: { "#made/*": { default: "./src/made/*" } } }),
  "src/made/services/stock.ts": `import { defineService } from "@tandem/runtime";
export interface StockHandlers { readonly orderCreated: unknown; }
export interface StockPublishes {}
export const stock = defineService<StockHandlers, StockPublishes>({ name: "stock" });
`,
  "src/handlers.ts": `export const handlers = {\n  orderCreated() {},\n  orderShipped() {},\n};\n`,
  "src/main.ts": `import { stock } from "#made/services/stock.ts";
import { handlers } from "./handlers.ts";
startService(stock, { handlers });
`,
  "node_modules/other/main.ts": `import { stock } from "#made/services/stock.ts";\nstartService(stock, { handlers: { gone() {} } });\n`,
};

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tandem-leftovers-"));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
});
afterAll(() => rm(folder, { recursive: true }));

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function leftovers(...args: string[]): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const child = execFile(process.execPath, [TANDEM, "leftovers", ...args], { cwd: folder }, (_, stdout, stderr) =>
    resolve({ code: child.exitCode ?? -1, stdout, stderr }),
  );
  return promise;
}

describe("tandem leftovers", () => {
  it("points at what nothing asks for, and says what to do", async () => {
    const { code, stdout } = await leftovers("--generated", "./src/made/");
    expect(stdout)
      .toBe(`src/handlers.ts:3:3 error HANDLER_UNASKED nothing asks for the handler orderShipped any more: it is not in StockHandlers
  3 |   orderShipped() {},
    |   ^^^^^^^^^^^^
  hint: Remove it, or let an operation of the contract receive the event.
3 files read, leftovers: 1
`);
    expect(code).toBe(1);
  });

  it("annotates for GitHub, and answers programs as JSON", async () => {
    const [github, json] = await Promise.all([
      leftovers("--generated", "src/made", "--format", "github"),
      leftovers("--generated", "src/made", "--format", "json"),
    ]);
    expect(github.stdout).toMatch(/^::error file=src\/handlers\.ts,line=3,endLine=3,col=3,/);
    expect(JSON.parse(json.stdout)).toMatchObject({ diagnostics: [{ file: "src/handlers.ts", line: 3, col: 3 }] });
  });

  it("says where it looked in vain for generated code", async () => {
    expect(await leftovers()).toEqual({
      code: 1,
      stdout: "",
      stderr: "There is no generated code in generated: name its directory with --generated.\n",
    });
  });

  it("takes no format that it does not know", async () => {
    const { code, stderr } = await leftovers("--format", "xml");
    expect(stderr).toMatch(/^--format is one of text, json, github, not "xml"\./);
    expect(code).toBe(2);
  });

  it("finds nothing once it is removed", async () => {
    await writeFile(join(folder, "src/handlers.ts"), "export const handlers = { orderCreated() {} };\n");
    expect(await leftovers("--generated", "src/made")).toEqual({
      code: 0,
      stdout: "3 files read, leftovers: 0\n",
      stderr: "",
    });
  });
});
