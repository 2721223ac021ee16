import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "@asyncapi/parser";
import { describe, expect, it, vi } from "vitest";
import { isError, judge } from "./judge.ts";
import { Report } from "./report.ts";
import { readSource } from "./source.ts";

const testdata = join(import.meta.dirname, "..", "testdata");
const contract = readFileSync(join(import.meta.dirname, "..", "..", "asyncapi.yaml"), "utf8");

async function judged(text: string, by = judge): Promise<readonly string[]> {
  const { source } = readSource("asyncapi.yaml", text);
  const report = new Report(source);
  await by(source, [], report);
  return report.diagnostics.map(({ code, line, message }) => `${line} ${code} ${message}`);
}

describe("the judge", () => {
  // One judge for all of them, in this order: what it keeps between documents must not change what it says.
  it.each([
    "asyncapi-invalid",
    "event-unsent",
    "schema-keyword-value",
    "asyncapi-operation-channel",
    "asyncapi-invalid",
  ])("says of %s what one that never saw another document says, and refuses what the parser refuses", async (name) => {
    const text = readFileSync(join(testdata, name, "asyncapi.yaml"), "utf8");
    vi.resetModules();
    const fresh = await import("./judge.ts");
    expect(await judged(text)).toEqual(await judged(text, fresh.judge));

    const found = await new Parser().validate(text, { source: "asyncapi.yaml" });
    const refused = found.some(isError);
    expect((await judged(text)).length > 0).toBe(refused);
  });

  it("accepts the contract of this repository", async () => {
    expect(await judged(contract)).toEqual([]);
  });

  it("reports the cause and not the branches of the meta-schema that do not fit either", async () => {
    const broken = contract.replace("sequence: { type: integer, minimum: 1", "sequence: { type: integer, minimum: x");
    expect(broken).not.toBe(contract);
    expect(await judged(broken)).toEqual([expect.stringContaining('"minimum" property type must be number')]);
  });

  it("reports the innermost place where only branches do not fit", async () => {
    const broken = contract.replace("sequence: { type: integer, minimum: 1", "sequence: { type: integr, minimum: 1");
    expect(broken).not.toBe(contract);
    expect(await judged(broken)).toHaveLength(1);
  });
});
