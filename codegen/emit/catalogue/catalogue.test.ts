import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { default as MarkdownIt } from "markdown-it";
import { describe, expect, it } from "vitest";
import { emit } from "../emit.ts";
import { emitCatalogue } from "./catalogue.ts";
import { HOSTILE, hostileModel } from "../testing/hostile-model.ts";
import { eventOf, modelOf } from "../testing/model.ts";

const testdata = join(import.meta.dirname, "..", "..", "testdata");
const outputs = readdirSync(testdata)
  .map((name) => join(testdata, name, "expected"))
  .filter(existsSync);

describe("the diagram", () => {
  it("gives two names that differ in one mark two nodes", async () => {
    const events = [eventOf(true), eventOf(true, {}, { channel: "ma$de", directory: "other" })];
    const { files } = await emit(modelOf({ events }));
    expect(files.get("diagram.mmd")).toContain("event_made(");
    expect(files.get("diagram.mmd")).toContain("event_ma_24_de(");
  });
});

describe("the catalogue", () => {
  it("says of an event who writes and who reads which version, and how", () => {
    const text = readFileSync(join(testdata, "two-versions", "expected", "catalogue.md"), "utf8");
    expect(text).toContain("- Published by: sender");
    expect(text).toContain("- Stream: `PARCELS`, kept for 30 days");
    expect(text).toContain("- Key: `/parcel_id`");
    expect(text).toMatch(/\| \*\*v2\*\*, written \| current \| `parcels.sent.v2` \|.*\| biller, tracker \|/);
    expect(text).toMatch(/\| v1 \| deprecated \| `parcels.sent.v1` \|.*\| tracker \|/);
    expect(text).toContain(
      "| tracker | v1 | `tracker-parcelSent-v1` | any | 3, after 5 seconds, with jitter | `dead.tracker.parcelSent.v1` |",
    );
  });

  it("says when a version ends, and what nobody reads", async () => {
    const { files } = await emit(modelOf({ events: [eventOf(true, { state: "deprecated", sunset: "2031-01-31" })] }));
    expect(files.get("catalogue.md")).toContain("| deprecated, until 2031-01-31 |");
    expect(files.get("catalogue.md")).toContain("Nobody reads it.");
  });

  it.each(HOSTILE)("is a page without harm whatever things are called: %j", async (text) => {
    const catalogue = emitCatalogue(hostileModel(text), { command: text, source: text });
    const html = new MarkdownIt({ html: true }).render(catalogue);
    const [comment = "", ...rest] = html.split("-->\n");
    expect(comment.match(/<!--/g)).toHaveLength(1);
    const tags = new Set([...rest.join("-->\n").matchAll(/<\/?([a-z]\w*)/gi)].map((match) => match[1]));
    const usual = "a code h1 h2 h3 li p pre strong table tbody td th thead tr ul".split(" ");
    expect([...tags].filter((tag) => !usual.includes(tag ?? ""))).toEqual([]);
    const headings = [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1]);
    expect(headings).toEqual(["Services", "Events", "HTTP"]);
  });

  it("links to files that are there", async () => {
    for (const folder of outputs) {
      const text = readFileSync(join(folder, "catalogue.md"), "utf8");
      const links = [...text.matchAll(/\]\(([^)]*)\)/g)].map((match) => decodeURIComponent(match[1] ?? ""));
      expect(links.length).toBeGreaterThan(0);
      expect(links.filter((path) => !existsSync(join(folder, path)))).toEqual([]);
    }
  });
});
