/** Tries the laws of one evolution on the code that a contract would be generated into. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { brokenLaws, lawSubjects } from "../../codegen/evolution/laws/laws.ts";
import { generate, readModel } from "../../codegen/generate.ts";
import { customSteps } from "../../codegen/model/evolution.ts";
import type { Passage } from "../../codegen/contract-editor/life.ts";
import { type ContractText, readOtherFiles } from "./contract-file.ts";
import type { Reason } from "./gates.ts";

/**
 * Generates into a folder of its own, which is gone afterwards, and tries the laws there, so that it does not matter
 * what was generated before. The folder stands where `@tandem/runtime` is found from.
 * @param golden The folder of recorded payloads.
 */
export async function tryLaws(
  contract: ContractText,
  event: string,
  { older, newer }: Passage,
  golden: string,
): Promise<Reason[]> {
  const { model } = await readModel(contract.file, contract.text, { read: readOtherFiles });
  const found = model?.events.find(({ name }) => name === event);
  const version = found?.versions.find(({ number }) => number === newer);
  if (model === undefined || found === undefined || version?.evolution === undefined) return [];
  if (customSteps(version.evolution.steps).length > 0) {
    return [{ holds: true, text: `v${older} → v${newer} has hand-written parts, so its laws are left to the tests` }];
  }
  const { files } = await generate(contract.file, contract.text, { read: readOtherFiles });
  const folder = mkdtempSync(join(process.cwd(), ".tandem-laws-"));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const versions = found.versions.filter(({ number }) => number === older || number === newer);
    const options = { generated: pathToFileURL(`${folder}/`), golden: pathToFileURL(`${join(golden, "golden")}/`) };
    const subjects = (await lawSubjects({ ...model, events: [{ ...found, versions }] }, options)).flatMap(
      ({ subjects }) => subjects,
    );
    return subjects.map((subject): Reason => {
      const broken = brokenLaws(subject);
      if (broken === "") return { holds: true, text: `${subject.name} keeps the laws` };
      return {
        holds: false,
        text: `${subject.name} breaks laws:\n${broken}`,
        todo: "Mend the steps, or declare the loss.",
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
