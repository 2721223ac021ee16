/** From a contract to the text of every generated file. */
import type { Diagnostic } from "./diagnostic.ts";
import { buildModel } from "./model/build.ts";
import { checkEvolutions } from "./model/check-evolutions.ts";
import { checkDefaults } from "./model/defaults.ts";
import { checkExamples } from "./model/examples.ts";
import type { EmitOptions } from "./emit/emit.ts";
import type { Model } from "./model/model.ts";
import { Report } from "./spec/report.ts";
import { readSource, type Source } from "./spec/source.ts";
import { understand } from "./spec/spec.ts";

/** What generating came to. */
export interface Generated {
  /** Text by path relative to the output directory, with forward slashes; empty when there are errors. */
  readonly files: ReadonlyMap<string, string>;
  /** In the order of the document. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a contract means, when nothing is wrong with it. */
export interface Understood {
  readonly model: Model | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Generates code from the text of a contract. Same text, same files, on any machine; touches no disk.
 * @param file The contract's file as diagnostics name it.
 */
export async function generate(file: string, text: string, options: EmitOptions = {}): Promise<Generated> {
  const { source, faults } = readSource(file, text);
  if (faults.length > 0) return { files: new Map(), diagnostics: faults };
  const report = new Report(source);
  const model = await modelOf(source, report);
  if (model === undefined) return { files: new Map(), diagnostics: report.diagnostics };
  const { emit } = await import("./emit/emit.ts");
  const { files, warnings } = await emit(model, options);
  for (const { pointer, message } of warnings) report.warning("TYPE_WIDER", pointer, message);
  return { files, diagnostics: report.diagnostics };
}

/** The pipeline up to the model, for who needs the meaning and not the code. The model is undefined when there are errors. */
export async function readModel(file: string, text: string): Promise<Understood> {
  const { source, faults } = readSource(file, text);
  if (faults.length > 0) return { model: undefined, diagnostics: faults };
  const report = new Report(source);
  return { model: await modelOf(source, report), diagnostics: report.diagnostics };
}

async function modelOf(source: Source, report: Report): Promise<Model | undefined> {
  const contract = await understand(source, report);
  if (contract === undefined) return undefined;
  const model = buildModel(contract, report);
  if (!report.hasErrors) await checkDefaults(source, report);
  if (!report.hasErrors) checkEvolutions(model, report);
  if (!report.hasErrors) await checkExamples(contract, report);
  return report.hasErrors ? undefined : model;
}
