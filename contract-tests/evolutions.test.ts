/** Every mapping of the contract keeps the laws, on boundary values, random ones, and what was recorded. */
import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkChain, checkLaws, lawSubjects } from "../codegen/evolution/laws/laws.ts";
import { evolutionsOf } from "../codegen/model/evolution.ts";
import { contract } from "./contract.ts";

const ROOT = new URL("../", import.meta.url);

const model = await contract();
const events = await lawSubjects(model, {
  generated: new URL("generated/", ROOT),
  golden: new URL("evolutions/golden/", ROOT),
  parts: await handWrittenParts(),
});

/** What `evolutions/<event>.ts` export, by the keys that services hand them to the runtime under. */
async function handWrittenParts(): Promise<Record<string, unknown>> {
  const files = model.events
    .map(({ directory }) => new URL(`evolutions/${directory}.ts`, ROOT))
    .filter((file) => existsSync(file));
  const modules: Record<string, unknown>[] = await Promise.all(files.map(({ href }) => import(href)));
  return Object.assign({}, ...modules);
}

it("finds every mapping of the contract", () => {
  const named = events.flatMap(({ subjects }) => subjects.map(({ name }) => name));
  const declared = model.events.flatMap((event) =>
    evolutionsOf(event).map(({ from, to }) => `${from.typeName} to ${to.typeName}`),
  );
  expect(named).toEqual(declared);
});

describe.each(events)("$event", ({ subjects }) => {
  it.each(subjects)("$name keeps the laws", (subject) => {
    const violations = checkLaws(subject);
    for (const { severity, text } of violations) if (severity === "warning") console.warn(text);
    const errors = violations.filter(({ severity }) => severity === "error");
    expect(errors.map(({ text }) => text).join("\n\n")).toBe("");
  });

  it("keeps them from the oldest version to the newest", () => {
    expect(
      checkChain(subjects)
        .map(({ text }) => text)
        .join("\n\n"),
    ).toBe("");
  });
});
