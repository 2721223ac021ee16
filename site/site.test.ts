import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { JSDOM, type PageElement } from "jsdom";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSite } from "./build-site.ts";
import { openPage } from "./testing/open-page.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const out = mkdtempSync(join(tmpdir(), "tandem-site-"));
const hostileRoot = mkdtempSync(join(tmpdir(), "tandem-hostile-"));
const hostileOut = join(hostileRoot, "dist", "site");

const HARM = `<script>globalThis.harmed = true</script><img src="http://127.0.0.1:9/x.png" onerror="globalThis.harmed = true"> [a](javascript:alert(1)) ![b](http://127.0.0.1:9/y.png)`;

beforeAll(async () => {
  await buildSite(root, out);
  const contract = readFileSync(join(root, "codegen/testdata/two-versions/asyncapi.yaml"), "utf8")
    .replace("title: Parcels,", () => `title: Parcels, description: ${JSON.stringify(HARM)},`)
    .replace("summary: A parcel is on its way.", () => `summary: ${JSON.stringify(HARM)}`)
    .replace("x-version: { number: 1,", () => `description: ${JSON.stringify(HARM)}\n      x-version: { number: 1,`);
  mkdirSync(join(hostileRoot, "docs"));
  writeFileSync(join(hostileRoot, "asyncapi.yaml"), contract);
  writeFileSync(join(hostileRoot, "README.md"), `# Hostile\n\n${HARM}\n\n[gone](nowhere.md) [guide](docs/a.md#two)\n`);
  writeFileSync(join(hostileRoot, "docs", "a.md"), "# Guide\n\n## Two\n\n## Two\n");
  await buildSite(hostileRoot, hostileOut);
}, 120_000);

afterAll(() => {
  rmSync(out, { recursive: true, force: true });
  rmSync(hostileRoot, { recursive: true, force: true });
});

function pagesOf(site: string): string[] {
  return readdirSync(site, { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".html"))
    .toSorted();
}

const documents = new Map<string, PageElement>();

/** A page without its scripts run; read once. */
function documentOf(site: string, path: string): PageElement {
  const file = join(site, path);
  const document = documents.get(file) ?? new JSDOM(readFileSync(file, "utf8")).window.document;
  documents.set(file, document);
  return document;
}

/** The links of all pages that lead to no file, or to no place in one. */
function brokenLinks(site: string): string[] {
  return pagesOf(site).flatMap((path) =>
    [...documentOf(site, path).querySelectorAll("a[href], link[href], script[src]")]
      .map((element) => element.getAttribute("href") ?? element.getAttribute("src") ?? "")
      .filter((href) => !/^https?:/.test(href))
      .filter((href) => {
        const [file = "", fragment] = href.split("#");
        const target = file === "" ? path : normalize(join(dirname(path), decodeURIComponent(file)));
        if (!existsSync(join(site, target))) return true;
        return fragment !== undefined && !readFileSync(join(site, target), "utf8").includes(`id="${fragment}"`);
      })
      .map((href) => `${path}: ${href}`),
  );
}

/** What a browser would load by itself from somewhere else. */
function foreignResources(site: string): string[] {
  return pagesOf(site).flatMap((path) =>
    [...documentOf(site, path).querySelectorAll("[src], link[href], [srcset], object, iframe, base, form")]
      .map((element) => element.getAttribute("src") ?? element.getAttribute("href") ?? element.tagName)
      .filter((address) => !/^(?:\.\.\/)*assets\/[\w.-]+$/.test(address))
      .map((address) => `${path}: ${address}`),
  );
}

describe.each([
  ["of this repository", () => out],
  ["of a contract that means harm", () => hostileOut],
])("the site %s", (_, site) => {
  it("has no link that leads nowhere", () => {
    expect(brokenLinks(site())).toEqual([]);
  });

  it("loads nothing but its own assets, and forbids the rest", () => {
    expect(foreignResources(site())).toEqual([]);
    for (const path of pagesOf(site())) {
      const policy = documentOf(site(), path).querySelectorAll('meta[http-equiv="Content-Security-Policy"]');
      const evaluates = path.startsWith("asyncapi") ? " 'unsafe-eval'" : "";
      expect([...policy].map((meta) => meta.getAttribute("content"))[0]).toContain(
        `default-src 'none'; script-src 'self' file:${evaluates}; style-src`,
      );
    }
    expect(readFileSync(join(site(), "assets/asyncapi-component.css"), "utf8")).not.toMatch(/url\(|@import/);
    expect(readFileSync(join(site(), "assets/site.css"), "utf8")).not.toMatch(/url\(|@import/);
  });
});

describe("the site", () => {
  it("has a page for every text, every service and every view of the contract, in one navigation", () => {
    const pages = pagesOf(out);
    const texts = readdirSync(join(root, "docs"), { recursive: true }).map((path) => `docs/${String(path)}`);
    const wanted = [
      ...["index.html", "catalogue.html", "diagram.html", "asyncapi.html", "ARCHITECTURE.html"],
      ...["inventory", "order", "payment"].map((service) => `asyncapi/${service}.html`),
      ...texts.filter((path) => path.endsWith(".md")).map((path) => path.replace(/\.md$/, ".html")),
    ];
    expect(pages).toEqual(expect.arrayContaining(wanted));
    for (const path of pages) {
      const links = [...documentOf(out, path).querySelectorAll("nav a")];
      expect(links.map((link) => normalize(join(dirname(path), link.getAttribute("href") ?? ""))).toSorted()).toEqual(
        pages,
      );
    }
  });

  it("leads from text to text, and to places in them", () => {
    expect(readFileSync(join(out, "index.html"), "utf8")).toContain('<a href="docs/errors.html">');
    expect(readFileSync(join(out, "catalogue.html"), "utf8")).toContain('<a href="asyncapi/order.html">');
    expect(readFileSync(join(hostileOut, "index.html"), "utf8")).toContain('<a href="docs/a.html#two">guide</a>');
    expect(readFileSync(join(hostileOut, "index.html"), "utf8")).toContain("<span>gone</span>");
  });

  it("draws the contract in a browser, grouped by service, and fetches nothing", async () => {
    const { element, fetched, close } = await openPage(
      join(out, "asyncapi.html"),
      "#asyncapi .sidebar, #asyncapi aside",
    );
    const words = element.textContent.replace(/\s+/g, " ");
    const places = ["inventoryRECEIVEorders.cancelled", "orderREPLY", "paymentRECEIVEorders.cancelled"].map((part) =>
      words.indexOf(part),
    );
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(fetched).toEqual([]);
    close();
  }, 120_000);

  it("takes text of the contract for text", async () => {
    for (const path of ["index.html", "catalogue.html"]) {
      const { element, harmed, close } = await openPage(join(hostileOut, path), "main");
      expect(element.querySelectorAll("script, img")).toHaveLength(0);
      expect(element.textContent).toContain("globalThis.harmed");
      expect(harmed()).toBe(false);
      close();
    }
  }, 120_000);

  it("lets no script of the contract run where AsyncAPI's component shows Markdown", async () => {
    const { element, harmed, fetched, close } = await openPage(join(hostileOut, "asyncapi.html"), "#asyncapi");
    expect(element.textContent).toContain("ParcelSentV1");
    expect(element.querySelectorAll("script, [onerror], a[href^='javascript:']")).toHaveLength(0);
    expect([harmed(), fetched]).toEqual([false, []]);
    close();
  }, 120_000);

  it("replaces a site, and nothing else", async () => {
    const taken = join(hostileRoot, "taken");
    mkdirSync(taken);
    writeFileSync(join(taken, "thesis.txt"), "years of work");
    await expect(buildSite(hostileRoot, taken)).rejects.toThrow("holds something else than a site");
    expect(readFileSync(join(taken, "thesis.txt"), "utf8")).toBe("years of work");
    writeFileSync(join(hostileOut, "old.html"), "");
    await buildSite(hostileRoot, hostileOut);
    expect(existsSync(join(hostileOut, "old.html"))).toBe(false);
  });

  it("says what is wrong with a contract that cannot be read", async () => {
    writeFileSync(join(hostileRoot, "asyncapi.yaml"), "asyncapi: 3.0.0\n");
    await expect(buildSite(hostileRoot, join(hostileRoot, "none"))).rejects.toThrow(/asyncapi.yaml:1:\d+ error/);
  });
});
