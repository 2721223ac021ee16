/**
 * What holds for documents that nobody wrote on purpose: the parser is the judge of all of them, the quick judge is never
 * sure of what it refuses, errors have a place, and what is generated compiles.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "@asyncapi/parser";
import { expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { Chance } from "../lab/testing/chance.ts";
import { FUZZ_TIMEOUT_MS, fuzzing } from "../lab/testing/fuzz.ts";
import { hasErrors } from "./diagnostic.ts";
import { typeErrors } from "./emit/testing/type-errors.ts";
import { writeFiles } from "./emit/testing/write-files.ts";
import { generate, readModel } from "./generate.ts";
import { isError } from "./spec/judge.ts";
import { QuickJudge } from "./spec/quick-judge.ts";
import { isObject, type JsonObject } from "./spec/json.ts";
import { acceptedCases } from "./tests/accepted-cases.ts";
import { isOneFile, mutatedDocument } from "./tests/mutated-document.ts";

const DOCUMENTS = 60;
const { seed, numRuns } = fuzzing(DOCUMENTS);

const parser = new Parser();

/** Documents of one file that are accepted as they are: of those that are not, most changes leave it so. */
function documents(): readonly JsonObject[] {
  return acceptedCases().flatMap(({ text }) => {
    const document: unknown = parse(text);
    return isObject(document) && isOneFile(document) ? [document] : [];
  });
}

it(
  "are generated from and compile, or are refused as the parser refuses them or with what is not supported",
  async () => {
    const originals = documents();
    const project = mkdtempSync(join(import.meta.dirname, ".mutated-"));
    const wrong: string[] = [];
    const made = new Map<number, string>();
    let refused = 0;
    try {
      for (let run = 0; run < numRuns; run += 1) {
        const chance = new Chance(seed + run);
        const { document, done } = mutatedDocument(chance.pick(originals), chance);
        const text = stringify(document, { aliasDuplicateObjects: false });
        const about = `FUZZ_SEED=${seed + run} FUZZ_RUNS=1: ${done.join("; ")}`;
        const isValid = await parserAccepts(text);
        const { files, diagnostics } = await generate("asyncapi.yaml", text);
        const errors = diagnostics.filter(({ severity }) => severity === "error");
        refused += Number(errors.length > 0);
        if (errors.length === 0 && !isValid) wrong.push(`${about}\naccepted, and not by the parser`);
        // A contract of ours is held to more.
        const isOurs = "x-tandem" in document;
        if (isValid && !isOurs && errors.length > 0 && !errors.some(({ code }) => code.endsWith("_UNSUPPORTED")))
          wrong.push(`${about}\nrefused, and not by the parser: ${errors[0]?.code} ${errors[0]?.message}`);
        const lines = text.split("\n").length;
        if (errors.some(({ line, col }) => line < 1 || line > lines || col < 1)) wrong.push(`${about}\nhas no place`);
        if (!isValid && (await isSureOf(text))) wrong.push(`${about}\nthe quick judge is sure of it`);
        if (errors.length > 0) continue;
        writeFiles(join(project, `d${run}`), files);
        made.set(run, about);
      }
      for (const line of typeErrors(project).split("\n")) {
        const run = /\bd(\d+)\//.exec(line)?.[1];
        if (line.trim() !== "") wrong.push(`${run === undefined ? "" : made.get(Number(run))}\n${line}`);
      }
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
    expect(wrong).toEqual([]);
    expect(made.size).toBeGreaterThan(numRuns / 5);
    expect(refused).toBeGreaterThan(numRuns / 5);
  },
  3 * FUZZ_TIMEOUT_MS,
);

async function parserAccepts(text: string): Promise<boolean> {
  return !(await parser.validate(text)).some(isError);
}

async function isSureOf(text: string): Promise<boolean> {
  const quick = new QuickJudge();
  const { diagnostics } = await readModel("asyncapi.yaml", text, { judge: quick.judge });
  return quick.isSure && !hasErrors(diagnostics);
}
