/** Every page of the site in a real browser, from the disk and without a network. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserForTest, type TestBrowser } from "../lab/testing/browser.ts";
import { buildSite } from "./build-site.ts";
import { HARM, hostileRepository } from "./testing/hostile-repository.ts";

/** A page that draws itself takes a second; on a loaded machine many. */
const LIMIT_MS = 600_000;

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tandem-site-"));
const browser = await browserForTest();
const wide = { viewport: { width: 1360, height: 900 } };
const narrow = { viewport: { width: 390, height: 844 } };

beforeAll(async () => {
  await buildSite(root, join(folder, "ours"));
  await buildSite(hostileRepository(join(folder, "hostile-repository")), join(folder, "hostile"));
}, LIMIT_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const addressOf = (site: string, path: string): string => pathToFileURL(join(folder, site, path)).href;

function pagesOf(site: string): readonly string[] {
  const paths = readdirSync(join(folder, site), { recursive: true }).map(String);
  return paths.filter((path) => path.endsWith(".html")).toSorted();
}

/** Opens a page, in the one tab of its browser, and waits until what it draws is drawn. */
async function openPage({ context }: TestBrowser, address: string): Promise<Page> {
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(LIMIT_MS);
  await page.goto(address);
  const diagrams = await page.locator("pre.mermaid").count();
  if (diagrams > 0) await page.waitForSelector("pre.mermaid svg");
  if ((await page.locator("main.asyncapi").count()) > 0) await page.waitForSelector("#asyncapi #operations li");
  return page;
}

/** Whether a part of it can only be read by moving the whole page sideways. */
async function isTooWide(page: Page): Promise<boolean> {
  return await page.evaluate("document.documentElement.scrollWidth > innerWidth");
}

/** Where its links lead, without those to the web. */
async function linksOf(page: Page): Promise<readonly string[]> {
  const all: readonly string[] = await page.evaluate(
    "[...document.querySelectorAll('a[href]')].map(({ href }) => href)",
  );
  return all.filter((href) => !/^https?:/.test(href));
}

/** The places that links may lead to. */
async function idsOf(page: Page): Promise<readonly string[]> {
  return await page.evaluate("[...document.querySelectorAll('[id]')].map(({ id }) => id)");
}

describe.each([
  ["at a desk", "ours", { ...wide, colorScheme: "light" } as const],
  ["at night, on a telephone", "ours", { ...narrow, colorScheme: "dark" } as const],
  ["of a contract that means harm", "hostile", { ...wide, colorScheme: "light" } as const],
])("the site %s", (_, site, options) => {
  it(
    "shows every page without a fault, asks for nothing but its files, and no link leads nowhere",
    async () => {
      const opened = await browser.open(/^file:/, { ...options, offline: true });
      const places = new Map<string, readonly string[]>();
      const links: [from: string, to: string][] = [];
      const tooWide: string[] = [];
      for (const path of pagesOf(site)) {
        const page = await openPage(opened, addressOf(site, path));
        expect(await page.locator("main").innerText()).toMatch(/\S[^]{40}/);
        if (await isTooWide(page)) tooWide.push(path);
        places.set(addressOf(site, path), await idsOf(page));
        for (const link of await linksOf(page)) links.push([path, link]);
      }
      await opened.context.close();

      const files = readdirSync(join(folder, site), { recursive: true }).map((path) => addressOf(site, String(path)));
      const broken = links.filter(([, to]) => {
        const [file = "", fragment = ""] = to.split("#");
        const ids = places.get(file);
        return ids === undefined
          ? !files.includes(file)
          : fragment !== "" && !ids.includes(decodeURIComponent(fragment));
      });
      expect(links.length).toBeGreaterThan(20);
      // What a contract tries is refused by the policy of the page, and said to be.
      const faults = opened.faults.filter((fault) => site === "ours" || !fault.includes("Content Security Policy"));
      expect({ broken, tooWide, refused: opened.refused, faults }).toEqual({
        broken: [],
        tooWide: [],
        refused: [],
        faults: [],
      });
    },
    LIMIT_MS,
  );
});

describe("the site", () => {
  it(
    "groups the operations of the contract by service, in the text and in the list beside it",
    async () => {
      const opened = await browser.open(/^file:/, wide);
      const page = await openPage(opened, addressOf("ours", "asyncapi.html"));
      await page.waitForSelector("#operations [data-service=payment]");
      const services: readonly string[] = await page.evaluate(
        "[...document.querySelectorAll('#operations [data-service]')].map(({ dataset }) => dataset.service)",
      );
      expect(services).toEqual(["inventory", "order", "payment"]);
      const [, inventory = "", order = "", payment = ""] =
        /Operations\s+inventory\s+(.*?)\norder\n(.*?)\npayment\n(.*?)Messages/is.exec(
          await page.locator(".sidebar").innerText(),
        ) ?? [];
      expect(inventory).toMatch(/RECEIVE\s+orders\.cancelled/);
      expect(order).toMatch(/REPLY\s+\/orders/);
      expect(payment).toMatch(/SEND\s+payments\.succeeded/);
      await opened.context.close();
    },
    LIMIT_MS,
  );

  it(
    "draws the diagram, with every service and event",
    async () => {
      const opened = await browser.open(/^file:/, wide);
      const page = await openPage(opened, addressOf("ours", "diagram.html"));
      const drawn = await page.locator("pre.mermaid svg").textContent();
      for (const name of ["inventory", "order", "payment", "orders.created", "payments.refunded", "POST /orders"]) {
        expect(drawn).toContain(name);
      }
      await opened.context.close();
    },
    LIMIT_MS,
  );

  it(
    "leads from page to page, also on a telephone, where the list of pages opens on request",
    async () => {
      const opened = await browser.open(/^file:/, narrow);
      const page = await openPage(opened, addressOf("ours", "index.html"));
      expect(await page.locator("nav").isVisible()).toBe(false);
      await page.locator("label[for=menu]").click();
      await page.locator("nav").getByText("Errors", { exact: true }).click();
      await page.waitForURL(/errors\.html$/);
      expect(await page.locator("main").innerText()).toContain("YAML_DUPLICATE_KEY");
      await opened.context.close();
    },
    LIMIT_MS,
  );

  it(
    "lets no script of the contract run, and loads nothing that its text names",
    async () => {
      const opened = await browser.open(/^file:/, wide);
      for (const path of ["index.html", "catalogue.html", "asyncapi.html", "diagram.html"]) {
        const page = await openPage(opened, addressOf("hostile", path));
        const harmed = await page.evaluate("globalThis.harmed");
        const foreign = await page.locator("main :is(script[src], [onerror], a[href^='javascript:'])").count();
        expect({ path, harmed, foreign }).toEqual({ path, harmed: undefined, foreign: 0 });
      }
      const catalogue = await openPage(opened, addressOf("hostile", "catalogue.html"));
      expect(await catalogue.locator("main").innerText()).toContain(HARM.slice(0, 20));
      expect(opened.refused).toEqual([]);
      await opened.context.close();
    },
    LIMIT_MS,
  );
});
