/** docs/production.md names a test for each point: it is there, and its title says so. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const page = readFileSync(join(ROOT, "docs/production.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| point") && !line.startsWith("|---"))
  .map((line) => line.slice(2, -2).split(" | "));

describe("each point of docs/production.md", () => {
  it("has a test", () => {
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) expect([row[0], row.length]).toEqual([row[0], 3]);
  });

  it.each(rows)("%s", (_, __, shownBy = "") => {
    const tests = [...shownBy.matchAll(/`([^`]+\.test\.ts)`: ([^;]+)/g)];
    expect(tests.length).toBeGreaterThan(0);
    for (const [, file = "", title = ""] of tests) {
      expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
      expect(readFileSync(join(ROOT, file), "utf8")).toContain(title.trim());
    }
  });
});
