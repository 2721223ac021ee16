/** The laws hold for the mapping with every kind of step, and a wrong one is shown by the payload that breaks it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { writeFiles } from "../../emit/testing/write-files.ts";
import { generate, readModel } from "../../generate.ts";
import { brokenLaws, checkChain, checkLaws, lawSubjects, type LawSubject } from "./laws.ts";

/** Inside the repository, where generated code finds the runtime. */
const directory = mkdtempSync(join(import.meta.dirname, ".laws-"));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

let made = 0;

/** What a team writes by hand for the contract of awkward places. */
const edgeParts = {
  parcelSentV1V2: {
    sizeUp: ({ size, detail }: { size: number; detail?: { grade?: string } }) => ({
      size,
      ...(detail?.grade !== undefined && { grade: detail.grade }),
    }),
    sizeDown: ({ measure, grade }: { measure: { size: number }; grade?: string }) => ({
      size: measure.size,
      ...(grade !== undefined && { grade }),
    }),
    stopUp: ({ at }: { at: number }) => ({ when: at }),
    stopDown: ({ arrival }: { arrival: number }) => ({ at: arrival }),
  },
};

/** Generates a contract of `testdata/`, changed if need be, and loads its mappings. */
async function subjectsOf(
  name: string,
  change = (text: string) => text,
  golden: Record<string, unknown> = {},
  parts: Record<string, unknown> = stepParts,
): Promise<readonly LawSubject[]> {
  const text = change(readFileSync(join(import.meta.dirname, "../../testdata", name, "asyncapi.yaml"), "utf8"));
  const { files, diagnostics } = await generate("asyncapi.yaml", text);
  expect(diagnostics).toEqual([]);
  const { model } = await readModel("asyncapi.yaml", text);
  if (model === undefined) throw new Error("a contract without faults has a model");
  const out = join(directory, `generated-${++made}`);
  writeFiles(out, files);
  const recorded = join(out, "golden");
  mkdirSync(recorded);
  for (const [message, entries] of Object.entries(golden))
    writeFileSync(join(recorded, `${message}.json`), JSON.stringify(entries));
  const events = await lawSubjects(model, {
    generated: pathToFileURL(`${out}/`),
    parts,
    golden: pathToFileURL(`${recorded}/`),
  });
  return events.flatMap(({ subjects }) => subjects);
}

/** What a team writes by hand for the contract of all steps. */
const stepParts = {
  parcelSentV1V2: {
    geoUp({ geo }: { geo: string }) {
      const [latitude, longitude] = geo.split(",").map(Number);
      return { location: { latitude, longitude } };
    },
    geoDown({ location }: { location: { latitude: number; longitude: number } }) {
      return { geo: `${location.latitude},${location.longitude}` };
    },
  },
};

describe("the mapping with every kind of step", async () => {
  const subjects = await subjectsOf("evolution-steps");

  it.each(subjects)("$name keeps all laws", (subject) => {
    expect(checkLaws(subject)).toEqual([]);
  });

  it("keeps them over three versions", () => {
    expect(subjects).toHaveLength(2);
    expect(checkChain(subjects)).toEqual([]);
  });
});

describe("the mapping of values that may be absent or null, in lists of lists", async () => {
  const subjects = await subjectsOf("evolution-edges", undefined, {}, edgeParts);

  it.each(subjects)("$name keeps all laws", (subject) => {
    expect(
      checkLaws(subject)
        .map(({ text }) => text)
        .join("\n\n"),
    ).toBe("");
  });
});

describe("a wrong mapping", () => {
  it("is shown by the smallest payload that loses something undeclared", async () => {
    const [subject] = await subjectsOf("two-versions", (text) =>
      text.replace(
        "{ nest: { into: /recipient, fields: { /to: /name } } }",
        "{ add: { to: /recipient, value: { name: nobody } } }, { remove: { from: /to, restore: '' } }",
      ),
    );
    const broken = subject === undefined ? "" : brokenLaws(subject);
    expect(broken).toContain(
      'law 3, up and down again is where it began, but for declared losses: /to was "a" and comes back as ""',
    );
    expect(broken).toContain('  ParcelSentV1: {"parcel_id":"","to":"a"}');
    expect(broken).toContain("law 4");
  });

  it.each<{ fault: string; law: number; wrong: (right: LawSubject) => Partial<LawSubject> }>([
    { fault: "swaps two fields", law: 3, wrong: ({ up }) => ({ up: (payload) => withSwapped(up(payload)) }) },
    {
      fault: "makes an invalid event",
      law: 1,
      wrong: ({ up }) => ({ up: (payload) => ({ ...object(up(payload)), width: 0 }) }),
    },
    {
      fault: "changes the key",
      law: 7,
      wrong: ({ up }) => ({ up: (payload) => ({ ...object(up(payload)), parcelId: "p" }) }),
    },
    {
      fault: "changes its input",
      law: 8,
      wrong: () => ({ down: (payload) => Object.assign(object(payload), { id: "" }) }),
    },
    {
      fault: "answers by chance",
      law: 8,
      wrong: ({ up }) => ({ up: (payload) => ({ ...object(up(payload)), id: String(Math.random()) }) }),
    },
    { fault: "refuses what it may not", law: 1, wrong: () => ({ up: () => Symbol("unrepresentable") }) },
    { fault: "throws", law: 2, wrong: () => ({ down: () => object(undefined) }) },
  ])("whose generated code $fault breaks law $law", async ({ law, wrong }) => {
    const [right] = await subjectsOf("evolution-steps");
    if (right === undefined) throw new Error("there is a mapping");
    const violations = checkLaws({ ...right, ...wrong(right) }, { runs: 10 });
    expect(violations.map((violation) => violation.law)).toContain(law);
    expect(violations.find((violation) => violation.law === law)?.text).toMatch(/^  ParcelSentV[12]: \{"parcelId":/m);
  });

  it("that declares a loss which does not happen is warned of", async () => {
    const [subject] = await subjectsOf("evolution-steps", (text) =>
      text.replace(
        "up: [{ path: /legacyCode, why: GDPR }]",
        "up: [{ path: /legacyCode, why: GDPR }, { path: /street, why: forgotten }]",
      ),
    );
    const found = subject === undefined ? [] : checkLaws(subject);
    expect(found.map(({ law, severity }) => ({ law, severity }))).toEqual([{ law: 10, severity: "warning" }]);
    expect(found[0]?.text).toContain("lossy.up declares /street");
  });

  it("that keeps every law is shown by what was recorded before", async () => {
    const golden = {
      ParcelSentV1: [
        {
          name: "Ann's",
          body: { version: "v1", parcel_id: "p-1", to: "Ann" },
          becomes: { ParcelSentV2: { parcel_id: "p-1", recipient: { name: "Bob" } } },
        },
      ],
    };
    const [subject] = await subjectsOf("two-versions", undefined, golden);
    expect(subject === undefined ? "" : brokenLaws(subject)).toContain(
      "Ann's: it does not become what was recorded, at /recipient/name",
    );
  });
});

/** Street and city the wrong way round. */
function withSwapped(payload: unknown): unknown {
  const { address, ...rest } = object(payload) as { address: { street: string; city: string } };
  return { ...rest, address: { street: address.city, city: address.street } };
}

function object(payload: unknown): object {
  if (typeof payload !== "object" || payload === null) throw new Error("a payload is an object");
  return payload;
}
