/** `tandem evolve open` and `infer`: the next version as a draft, and the steps that its schema gives away. */
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { hasSteps, inferDraft, writeInference } from "../../codegen/contract-editor/infer-draft.ts";
import type { Inference } from "../../codegen/contract-editor/infer/inference.ts";
import { openVersion } from "../../codegen/contract-editor/open-version.ts";
import { replaceSchema, schemaLines } from "../../codegen/contract-editor/replace-schema.ts";
import { doubtsOf } from "../../codegen/contract-editor/write-evolution.ts";
import { own } from "../../codegen/spec/json.ts";
import { OpsError } from "../error.ts";
import {
  type Edit,
  edited,
  type EventInContract,
  faultsOf,
  openEvent,
  type ContractText,
  writeEdit,
} from "./contract-file.ts";
import { recordGolden } from "./golden.ts";

export interface OpenOptions {
  readonly dryRun: boolean;
  /** A file with the schema of the next version. */
  readonly schema: string | undefined;
  /** Write over steps that are there. */
  readonly force: boolean;
  /** Where hand-written parts and golden payloads are. */
  readonly evolutions: string;
}

/** Opens the next version, or infers the steps of the draft that is open. @returns What to print. */
export async function open(source: ContractText, asked: string, options: OpenOptions): Promise<string> {
  const found = await openEvent(source, asked);
  const { event } = found;
  const [newest] = event.versions;
  if (newest?.message.version?.state === "draft") {
    if (options.schema !== undefined || hasSteps(event) || !isEdited(found)) {
      const key = newest.message.key;
      throw new OpsError(
        `${event.name} has the draft ${key} already. Edit its schema and run tandem evolve infer ${event.name}, or discard it with tandem evolve back ${event.name}.`,
      );
    }
    return infer(source, asked, options);
  }
  const opened = edited(source, (editor) => {
    const { schemaAt } = openVersion(editor, event);
    if (options.schema !== undefined) replaceSchema(editor, schemaAt, readSchema(options.schema));
  });
  const { edit, inference } =
    options.schema === undefined ? { edit: opened, inference: undefined } : await withSteps(source, asked, opened);
  const golden = newest === undefined ? "" : recordGolden(options.evolutions, newest, options.dryRun);
  return [
    writeEdit(source, edit, options.dryRun),
    golden,
    ...(await afterwards(source, edit, event.name, inference)),
  ].join("\n");
}

/** Writes the steps of the open draft. @returns What to print. */
export async function infer(source: ContractText, asked: string, options: OpenOptions): Promise<string> {
  const found = await openEvent(source, asked);
  const inference = inferDraft(found.event);
  if (hasSteps(found.event) && !options.force) {
    throw new OpsError(
      `${found.event.versions[0]?.message.key} has steps already. --force writes inferred ones over them.`,
    );
  }
  const edit = edited(source, (editor) => writeInference(editor, found.event, inference));
  return [
    writeEdit(source, edit, options.dryRun),
    ...(await afterwards(source, edit, found.event.name, inference)),
  ].join("\n");
}

/** The steps belong to the text with the new schema, so that text is read first. */
async function withSteps(
  source: ContractText,
  asked: string,
  opened: Edit,
): Promise<{ edit: Edit; inference: Inference }> {
  const { event } = await openEvent({ file: source.file, text: opened.text }, asked);
  const inference = inferDraft(event);
  const inferred = edited(opened, (editor) => writeInference(editor, event, inference));
  return { edit: { text: inferred.text, changes: opened.changes }, inference };
}

function isEdited({ event }: EventInContract): boolean {
  const { steps, open: unsaid, lossy } = inferDraft(event);
  const examples = event.versions.map(({ message }) => message.examples.map(({ payload }) => payload?.value));
  const isSame = isDeepStrictEqual(examples[0]?.map(unversioned), examples[1]?.map(unversioned));
  return steps.length + unsaid.length + lossy.down.length + lossy.up.length > 0 || !isSame;
}

function unversioned(payload: unknown): unknown {
  return typeof payload === "object" && payload !== null
    ? { ...payload, version: own(payload, "version") && "" }
    : payload;
}

async function afterwards(
  source: ContractText,
  edit: Edit,
  event: string,
  inference: Inference | undefined,
): Promise<string[]> {
  const doubts = inference === undefined ? [] : [...doubtsOf(inference.steps), ...inference.open];
  const faults = await faultsOf(source, edit);
  return [
    ...(doubts.length > 0 ? ["", "Look at these steps:", ...doubts.map((doubt) => `  ${doubt}`)] : []),
    ...(faults === undefined ? [] : ["", faults]),
    "",
    "Next:",
    ...(inference === undefined
      ? [`  edit the draft's schema, then: tandem evolve infer ${event}`]
      : [`  ${faults === undefined && doubts.length === 0 ? "read" : "mend"} the steps under x-evolves`]),
    "  npm run codegen && npm test",
    `  tandem evolve advance ${event}`,
  ];
}

function readSchema(file: string): readonly string[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new OpsError(`${file} cannot be read.`, { cause });
  }
  const lines = schemaLines(text);
  if (lines === undefined) throw new OpsError(`${file} is not a JSON Schema of an object, in YAML or JSON.`);
  return lines;
}
