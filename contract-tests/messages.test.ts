/** Every message of the contract: its examples are accepted, and every rule of its schema refuses what breaks it. */
import { describe, expect, it } from "vitest";
import { checkedSchemas, contract } from "./contract.ts";
import { mutationsOf } from "./mutations.ts";

const model = await contract();
const checked = await checkedSchemas(model);
const definitions = new Map(model.schemas.map(({ name, schema }) => [name, schema]));

describe.each(checked)("$name", ({ schema, examples, validate }) => {
  it("has an example", () => {
    expect(examples).not.toEqual([]);
  });

  it.each(examples.map((example, n) => ({ title: example.name ?? `example ${n + 1}`, ...example })))(
    "accepts $title",
    ({ payload }) => {
      expect({ accepted: validate(payload), errors: validate.errors ?? [] }).toEqual({ accepted: true, errors: [] });
    },
  );

  // Two examples may exercise the same rule at the same place.
  const mutations = new Map(
    examples
      .flatMap(({ payload }) => mutationsOf(schema, payload, definitions))
      .map((mutation) => [mutation.rule, mutation]),
  );

  it("has rules", () => {
    expect(mutations.size).toBeGreaterThan(0);
  });

  it.each([...mutations.values()])("refuses what breaks $rule", ({ value }) => {
    expect(validate(value)).toBe(false);
    expect(validate.errors).not.toEqual([]);
  });
});
