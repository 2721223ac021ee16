import { describe, expect, it } from "vitest";
import { compareSchemas } from "./compare.ts";
import { judge } from "./inclusion/testing/ajv-judge.ts";
import { RandomSchemas } from "./inclusion/testing/random-schemas.ts";

const PAIRS = 250;
const VALUES = 150;
/** How many schemas are set against a compatible writer to make it give away values that it may write. */
const PROBES = 4;

describe.each([
  ["draft-07", false, 7],
  ["2020-12", true, 2020],
])("random pairs in %s", (_, isModern, seed) => {
  const random = new RandomSchemas(seed, isModern);
  const values = Array.from({ length: VALUES }, () => random.value());
  const counts = { compatible: 0, breaking: 0, undecided: 0 };

  /** What Ajv says against the verdict on a pair; undefined when it agrees. */
  function contradiction(writer: unknown, reader: unknown): object | undefined {
    const [allows, accepts] = [judge(writer), judge(reader)];
    if (allows === undefined || accepts === undefined || isMisjudged([writer, reader])) return undefined;
    const comparison = compareSchemas(writer, reader);
    counts[comparison.verdict]++;
    if (comparison.verdict === "breaking") {
      const { witness } = comparison;
      return allows(witness) && !accepts(witness) ? undefined : { writer, reader, witness };
    }
    if (comparison.verdict === "undecided") return undefined;
    const probes = Array.from({ length: PROBES }, () => compareSchemas(writer, random.single()));
    const written = probes.flatMap((probe) => (probe.verdict === "breaking" ? [probe.witness] : []));
    const missed = [...values, ...written].filter((value) => allows(value) && !accepts(value));
    return missed.length > 0 ? { writer, reader, missed } : undefined;
  }

  it("have verdicts that Ajv never contradicts", () => {
    const pairs = Array.from({ length: PAIRS }, () => random.pair());
    expect(pairs.flatMap(([writer, reader]) => contradiction(writer, reader) ?? [])).toEqual([]);
    expect(counts.compatible).toBeGreaterThan(PAIRS / 5);
    expect(counts.breaking).toBeGreaterThan(PAIRS / 5);
    expect(counts.undecided).toBeLessThan(PAIRS / 50);
  });
});

/** Ajv takes `contains` to hold for an empty array when a tuple stands beside it. */
function isMisjudged(schemas: unknown): boolean {
  const text = JSON.stringify(schemas);
  return text.includes('"contains"') && /"prefixItems"|"items":\[/.test(text);
}
