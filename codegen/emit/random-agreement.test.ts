/** Types and validators agree on schemas that nobody wrote, of every keyword; only what a warning says may differ. */
import { expect, it } from "vitest";
import { FUZZ_TIMEOUT_MS, fuzzing } from "../../lab/testing/fuzz.ts";
import { agreementOf, type MakeValues } from "./tests/random/agreement.ts";
import { Chance } from "../../lab/testing/chance.ts";
import type { Schemas } from "./tests/random/contract.ts";
import { RandomSchemas } from "./tests/random/random-schemas.ts";
import { valuesFor } from "./tests/random/random-values.ts";
import { smallest } from "./tests/random/smallest.ts";

/** Contracts, with as many payloads each. */
const CONTRACTS = 1;
const PAYLOADS = 200;

/** How many values are made to fit a schema; half as many again, twice, do not try to. */
const VALUES = 12;

const plain = ["Plain1", "Plain2", "Plain3"];
const names = { plain, any: [...plain, "Named1", "Named2", "Named3", "Named4"] };

const { seed, numRuns } = fuzzing(CONTRACTS);

it(
  "agree on random schemas, and the types that are wider are said to be",
  async () => {
    let [held, exact] = [0, 0];
    for (let run = 0; run < numRuns; run += 1) {
      const schemas = schemasOf(seed + run);
      const agreement = await agreementOf(schemas, makeValues);
      const [first] = agreement.disagreements;
      if (first !== undefined) {
        const counterexample = first.index === undefined ? first : await smallest(schemas, first, makeValues);
        const text = JSON.stringify(counterexample, undefined, 2);
        throw new Error(`FUZZ_SEED=${seed + run}: ${first.kind}, of ${agreement.disagreements.length}\n${text}`);
      }
      held += agreement.values;
      exact += agreement.exact;
    }
    // Where everything is warned of, or no value is made, nothing could be found.
    expect(held / numRuns).toBeGreaterThan(PAYLOADS * VALUES);
    expect(exact / numRuns).toBeGreaterThan(PAYLOADS / 2);
  },
  // A counterexample is made smaller by one contract after another.
  3 * FUZZ_TIMEOUT_MS,
);

function schemasOf(chosen: number): Schemas {
  const random = new RandomSchemas(new Chance(chosen), names);
  const named = names.any.map((name) => [name, plain.includes(name) ? random.plain() : random.named()] as const);
  return { named: Object.fromEntries(named), payloads: Array.from({ length: PAYLOADS }, () => random.root()) };
}

const makeValues: MakeValues = (schema, definitions, index) =>
  valuesFor(schema, definitions, new Chance(index), VALUES);
