/** From a contract to the text of every generated file. */
import type { Diagnostic } from "./diagnostic.ts";
import { buildModel } from "./model/build.ts";
import { checkEvolutions } from "./model/check-evolutions.ts";
import { checkDefaults } from "./model/defaults.ts";
import { checkExamples } from "./model/examples.ts";
import type { EmitOptions } from "./emit/emit.ts";
import type { Model } from "./model/model.ts";
import { withBorrowed } from "./spec/borrowed.ts";
import { isOurs } from "./spec/extensions.ts";
import { type KnownFiles, type ReadFile, readFiles } from "./spec/files.ts";
import type { Judge } from "./spec/judge.ts";
import { Report } from "./spec/report.ts";
import type { Source } from "./spec/source.ts";
import { understand } from "./spec/spec.ts";

/** What generating came to. */
export interface Generated {
  /** Text by path relative to the output directory, with forward slashes; empty when there are errors. */
  readonly files: ReadonlyMap<string, string>;
  /** In the order of the document. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text of every file of the contract, by the name that diagnostics have for it. */
  readonly texts: ReadonlyMap<string, string>;
}

/** What a contract means, when nothing is wrong with it. */
export interface Understood {
  readonly model: Model | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

/** How a contract is read. */
export interface ReadOptions {
  /** Reads the other files that the contract refers to. Default: there are none. */
  readonly read?: ReadFile;
  /** Whether what AsyncAPI allows and nobody means is an error also in a document without our extensions. Default: no. */
  readonly strict?: boolean;
  /** What was read before, and where what is read now is put: of a file that changed a little, little is read. Default: nothing. */
  readonly known?: KnownFiles;
  /** Says whether the document is valid AsyncAPI. Default: @asyncapi/parser does. */
  readonly judge?: Judge;
}

/**
 * Generates code from the text of a contract. Same text, same files, on any machine; touches no disk.
 * @param file The contract's file as diagnostics name it.
 */
export async function generate(
  file: string,
  text: string,
  options: ReadOptions & EmitOptions = {},
): Promise<Generated> {
  const { report, source, model } = await understood(file, text, options);
  const { texts } = source;
  if (model === undefined) return { files: new Map(), diagnostics: report.diagnostics, texts };
  const { emit } = await import("./emit/emit.ts");
  const { files, warnings } = await emit(model, options);
  // What was said of a place while it was read is the cause; of several things that a type cannot say each is said.
  const unsaid = warnings.filter(({ pointer }) => !report.mentions(pointer));
  for (const { pointer, message } of unsaid) report.warning("TYPE_WIDER", pointer, message);
  return { files, diagnostics: report.diagnostics, texts };
}

/** The pipeline up to the model, for who needs the meaning and not the code. The model is undefined when there are errors. */
export async function readModel(file: string, text: string, options: ReadOptions = {}): Promise<Understood> {
  const { report, source, model } = await understood(file, text, options);
  return { model, diagnostics: report.diagnostics, texts: source.texts };
}

async function understood(
  file: string,
  text: string,
  { read, known, strict, judge }: ReadOptions,
): Promise<{ readonly report: Report; readonly source: Source; readonly model: Model | undefined }> {
  const { source: written, faults: unreadable } = await readFiles(file, text, read, known);
  const { source, faults: endless } = withBorrowed(written);
  const faults = [...unreadable, ...endless];
  const report = new Report(source, { strict: strict === true || isOurs(source.data), faults });
  return { report, source, model: faults.length > 0 ? undefined : await modelOf(source, report, judge) };
}

async function modelOf(source: Source, report: Report, judge: Judge | undefined): Promise<Model | undefined> {
  const contract = await understand(source, report, judge);
  if (contract === undefined) return undefined;
  const model = buildModel(contract, report);
  if (!report.hasErrors) await checkDefaults(source, report);
  if (!report.hasErrors) checkEvolutions(model, report);
  if (!report.hasErrors) await checkExamples(contract, report);
  return report.hasErrors ? undefined : model;
}
