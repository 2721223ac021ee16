/** The files of the site; what a browser makes of them is in site.browser.test.ts. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSite } from "./build-site.ts";
import { hostileRepository } from "./testing/hostile-repository.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tandem-site-"));
const out = join(folder, "ours");
const hostileRoot = join(folder, "hostile-repository");
const hostileOut = join(folder, "hostile");

beforeAll(async () => {
  await buildSite(root, out);
  await buildSite(hostileRepository(hostileRoot), hostileOut);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function pagesOf(site: string): string[] {
  const paths = readdirSync(site, { recursive: true }).map(String);
  return paths.filter((path) => path.endsWith(".html")).toSorted();
}

const read = (site: string, path: string): string => readFileSync(join(site, path), "utf8");

describe.each([
  ["of this repository", out],
  ["of a contract that means harm", hostileOut],
])("the site %s", (_, site) => {
  it("loads nothing but its own assets, and forbids the rest", () => {
    for (const path of pagesOf(site)) {
      const text = read(site, path);
      const loaded = [...text.matchAll(/<(?:script|link|img|iframe|object|base)\b[^>]*\b(?:src|href)="([^"]*)"/g)];
      expect(loaded.length).toBeGreaterThan(0);
      for (const [, address] of loaded) expect(address).toMatch(/^(?:\.\.\/)*assets\/[\w.-]+$/);
      const evaluates = path.startsWith("asyncapi") ? " 'unsafe-eval'" : "";
      expect(text).toContain(`content="default-src 'none'; script-src 'self' file:${evaluates}; style-src`);
    }
    expect(read(site, "assets/asyncapi-component.css")).not.toMatch(/url\(|@import/);
    expect(read(site, "assets/site.css")).not.toMatch(/url\(|@import/);
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
      const [navigation = ""] = /<nav [\s\S]*?<\/nav>/.exec(read(out, path)) ?? [];
      const links = [...navigation.matchAll(/<a href="([^"]*)"/g)].map(([, href = ""]) =>
        normalize(join(dirname(path), href)),
      );
      expect(links.toSorted()).toEqual(pages);
    }
  });

  it("leads from text to text, and to places in them", () => {
    expect(read(out, "index.html")).toContain('<a href="docs/errors.html">');
    expect(read(out, "catalogue.html")).toContain('<a href="asyncapi/order.html">');
    expect(read(hostileOut, "index.html")).toContain('<a href="docs/a.html#two">guide</a>');
    expect(read(hostileOut, "index.html")).toContain("<span>gone</span>");
  });

  it("replaces a site, and nothing else", async () => {
    const taken = join(folder, "taken");
    mkdirSync(taken);
    writeFileSync(join(taken, "thesis.txt"), "years of work");
    await expect(buildSite(hostileRoot, taken)).rejects.toThrow("holds something else than a site");
    expect(read(taken, "thesis.txt")).toBe("years of work");
    writeFileSync(join(hostileOut, "old.html"), "");
    await buildSite(hostileRoot, hostileOut);
    expect(existsSync(join(hostileOut, "old.html"))).toBe(false);
  }, 120_000);

  it("says what is wrong with a contract that cannot be read", async () => {
    writeFileSync(join(hostileRoot, "asyncapi.yaml"), "asyncapi: 3.0.0\n");
    await expect(buildSite(hostileRoot, join(folder, "none"))).rejects.toThrow(/asyncapi.yaml:1:\d+ error/);
  });
});
