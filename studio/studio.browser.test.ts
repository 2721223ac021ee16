/** Studio as a user has it: the command in a terminal, the page in a browser, without a network. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { browserForTest, type TestBrowser } from "../lab/testing/browser.ts";
import { eventually } from "../lab/testing/eventually.ts";
import { startInForeground } from "../lab/testing/terminal.ts";
import { studioFiles } from "./install.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const browser = await browserForTest();

/** npm fetches Studio once. */
const INSTALL_MS = 900_000;
const LIMIT_MS = 600_000;
const patient = { deadlineMs: 240_000, intervalMs: 200 };

let folder: string;
let terminal: ReturnType<typeof startCommand>;
let opened: TestBrowser;
let page: Page;

function startCommand(cwd: string) {
  const child = spawn(process.execPath, [join(root, "launch.mjs"), join(root, "studio/main.ts")], { cwd });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += String(chunk)));
  child.stderr.on("data", (chunk: Buffer) => (output += String(chunk)));
  return { child, output: () => output };
}

const textOf = (name: string): Promise<string> => readFile(join(folder, name), "utf8");

/** As much of Studio's editor as the tests use. */
interface Monaco {
  readonly Uri: { parse(address: string): unknown };
  readonly editor: {
    getModel(address: unknown): { dispose(): void };
    createModel(text: string, language: string, address: unknown): unknown;
    getEditors(): { getValue(): string; setModel(model: unknown): void }[];
  };
}

/** What stands in the editor. Asked of the editor, which breaks long lines where it shows them. */
const editorText = (): Promise<string> =>
  page.evaluate(() => {
    const { monaco } = globalThis as unknown as { monaco?: Monaco };
    return monaco?.editor.getEditors()[0]?.getValue() ?? "";
  });

beforeAll(async () => {
  await studioFiles(process.env, (text) => console.error(text));
  folder = await mkdtemp(join(tmpdir(), "tandem-studio-"));
  await cp(join(root, "codegen/testdata/two-versions/asyncapi.yaml"), join(folder, "asyncapi.yaml"));
  terminal = startCommand(folder);
  const url = await eventually(() => /http:\S+/.exec(terminal.output())?.[0] ?? false, patient);
  opened = await browser.open(new RegExp(`^(?:${url}|ws://${new URL(url).host}/|blob:|data:)`), {
    viewport: { width: 1600, height: 900 },
  });
  page = await opened.context.newPage();
  page.setDefaultTimeout(patient.deadlineMs);
  await page.goto(url, { waitUntil: "commit" });
}, INSTALL_MS + LIMIT_MS);

afterAll(async () => {
  terminal.child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

it(
  "shows the contract in the editor and in the preview",
  async () => {
    await eventually(async () => expect(await editorText()).toContain("title: Parcels, version: 1.0.0"), patient);
    await page.getByText("Parcels 1.0.0", { exact: true }).first().waitFor();
    expect(await page.locator("#operations").innerText()).toContain("parcels.sent");
  },
  LIMIT_MS,
);

it(
  "writes what is typed, and generates it",
  async () => {
    await page.locator(".view-line", { hasText: "title:" }).first().click();
    await page.keyboard.press("End");
    for (let back = 0; back < ", version: 1.0.0 }".length; back += 1) await page.keyboard.press("ArrowLeft");
    await page.keyboard.type(" and letters");
    await page.keyboard.press("ControlOrMeta+s");
    await eventually(
      async () => expect(await textOf("asyncapi.yaml")).toContain("title: Parcels and letters,"),
      patient,
    );
    await eventually(
      async () => expect(await textOf("generated/catalogue.md")).toContain("# Parcels and letters"),
      patient,
    );
    await page.getByText("Parcels and letters 1.0.0", { exact: true }).first().waitFor();
  },
  LIMIT_MS,
);

it(
  "shows what somebody else writes",
  async () => {
    const text = await textOf("asyncapi.yaml");
    await writeFile(join(folder, "asyncapi.yaml"), text.replace("title: Parcels and letters", "title: Boxes"));
    await eventually(async () => expect(await editorText()).toContain("title: Boxes,"), patient);
    await eventually(async () => expect(await textOf("generated/catalogue.md")).toContain("# Boxes"), patient);
  },
  LIMIT_MS,
);

/** Writes the file, and types until the terminal says that it changed: so the change arrives amid the typing. */
async function typeWhileWriting(text: string): Promise<string> {
  const shown = () => terminal.output().split("was changed: shown in Studio").length;
  const before = shown();
  await writeFile(join(folder, "asyncapi.yaml"), text);
  let typed = "";
  while (shown() === before) {
    if (typed.length > 500) throw new Error(`the terminal does not say that it was changed:\n${terminal.output()}`);
    const next = String.fromCodePoint(97 + (typed.length % 26));
    await page.keyboard.type(next);
    typed += next;
  }
  await page.keyboard.type("Z");
  return `${typed}Z`;
}

it(
  "keeps what is typed while somebody else writes other lines, and shows both",
  async () => {
    const text = await textOf("asyncapi.yaml");
    await page.locator(".view-line", { hasText: "title:" }).first().click();
    await page.keyboard.press("End");
    await page.keyboard.type(" # ");
    await eventually(async () => expect(await textOf("asyncapi.yaml")).toContain("} # \n"), patient);
    const typed = await typeWhileWriting(`${text.replace("1.0.0 }", "1.0.0 } # ")}# elsewhere\n`);
    const wanted = new RegExp(`title: Boxes, version: 1\\.0\\.0 \\} # ${typed}\\n[^]*# elsewhere\\n$`);
    await eventually(async () => expect(await textOf("asyncapi.yaml")).toMatch(wanted), patient);
    await eventually(async () => expect(await editorText()).toContain(typed), patient);
    expect(await page.locator("#tandem-notice").count()).toBe(0);
  },
  LIMIT_MS,
);

it(
  "keeps both where the same line is typed in, says which is which, and keeps what is let go of",
  async () => {
    const text = await textOf("asyncapi.yaml");
    const elsewhere = text.replace("title: Boxes", "title: Crates");
    await page.locator(".view-line", { hasText: "title:" }).first().click();
    await page.keyboard.press("End");
    const typed = await typeWhileWriting(elsewhere);
    const notice = page.locator("#tandem-notice");
    await notice.waitFor();
    expect(terminal.output()).toContain("in the same lines: the file holds what was changed here, Studio shows");
    expect(await notice.innerText()).toContain("this page shows what was typed here, the file holds");
    expect(await textOf("asyncapi.yaml")).toBe(elsewhere);
    await eventually(async () => expect(await editorText()).toContain(typed), patient);

    await page.keyboard.press("ControlOrMeta+s");
    await eventually(async () => expect(await textOf("asyncapi.yaml")).toContain(`${typed}\n`), patient);
    await notice.waitFor({ state: "detached" });
    expect(await textOf("asyncapi.yaml.kept-1")).toBe(elsewhere);
    expect(terminal.output()).toContain("what was overwritten is kept in asyncapi.yaml.kept-1");
  },
  LIMIT_MS,
);

it(
  "writes what is typed just before the page goes",
  async () => {
    await page.locator(".view-line", { hasText: "title:" }).first().click();
    await page.keyboard.press("End");
    await page.keyboard.type(" and off");
    await page.reload({ waitUntil: "commit" });
    await eventually(async () => expect(await textOf("asyncapi.yaml")).toContain(" and off\n"), patient);
    await eventually(async () => expect(await editorText()).toContain(" and off"), patient);
  },
  LIMIT_MS,
);

it(
  "shows the contract in an editor that Studio made with an older text",
  async () => {
    // As when the contract changes in the moment in which Studio makes its editor.
    await page.evaluate(() => {
      const { monaco } = globalThis as unknown as { monaco: Monaco };
      const address = monaco.Uri.parse("file:///asyncapi");
      monaco.editor.getModel(address).dispose();
      monaco.editor.getEditors()[0]?.setModel(monaco.editor.createModel("asyncapi: 3.0.0 # older", "yaml", address));
    });
    await eventually(async () => expect(await editorText()).toBe(await textOf("asyncapi.yaml")), patient);
    expect(await textOf("asyncapi.yaml")).toContain(" and off\n");
  },
  LIMIT_MS,
);

it(
  "writes nothing of another file that is opened in Studio, and says so",
  async () => {
    const text = await textOf("asyncapi.yaml");
    const open = () => page.evaluate("showDirectoryPicker()");
    await expect(open()).rejects.toThrow("npm run studio edits one contract, and opens no folder");

    await page.locator("[data-test=button-import-dropdown]").click();
    await page.locator("input[type=file]").setInputFiles({
      name: "other.yaml",
      mimeType: "text/yaml",
      buffer: Buffer.from("asyncapi: 3.0.0\ninfo: { title: Other, version: 1.0.0 }\n"),
    });
    // The menu goes with a click elsewhere.
    await page.locator("[data-test=logo]").click();
    await page.locator(".view-line", { hasText: "title: Other" }).first().click();
    await page.keyboard.type("# typed in the other");
    await page
      .getByText("This is another file than the contract, and nothing that is typed in it is written")
      .waitFor();
    expect(await textOf("asyncapi.yaml")).toBe(text);
    await page.reload({ waitUntil: "commit" });
    await eventually(async () => expect(await editorText()).toContain(" and off"), patient);
    expect(await textOf("asyncapi.yaml")).toBe(text);
  },
  LIMIT_MS,
);

it(
  "prints what is wrong with what is typed, with its line, in the terminal",
  async () => {
    await page.locator(".view-line", { hasText: "x-tandem:" }).first().click();
    await page.keyboard.press("End");
    await page.keyboard.press("Backspace");
    await page.keyboard.type("7");
    await eventually(
      () => expect(terminal.output()).toMatch(/asyncapi\.yaml:3:\d+ error TANDEM_VERSION_UNSUPPORTED/),
      patient,
    );
    expect(await textOf("generated/catalogue.md")).toContain("# Boxes");
  },
  LIMIT_MS,
);

it("of `npm run studio` no process is left after Ctrl-C", async () => {
  const contract = join(folder, "asyncapi.yaml");
  const other = startInForeground("npm", ["run", "studio", "--", contract, "--out", join(folder, "other")], root);
  await other.until("Ctrl-C ends it.");
  const end = await other.pressCtrlC();
  // npm says of itself that it was interrupted.
  expect([0, 130, "SIGINT"]).toContain(end.code ?? end.signal);
}, 300_000);

it("needed nothing from another machine, and ends with Ctrl-C, which the page says", async () => {
  expect(opened.refused).toEqual([]);
  terminal.child.kill("SIGINT");
  expect(await once(terminal.child, "close")).toEqual([0, null]);
  await page.getByText("npm run studio has ended, and nothing that is typed here is written any more").waitFor();
  await opened.context.close();
}, 120_000);
