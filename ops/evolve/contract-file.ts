/** The contract on the disk, and what it would be after an edit. */
import { readFileSync, writeFileSync } from "node:fs";
import { type Change, ContractEditor } from "../../codegen/contract-editor/contract-editor.ts";
import {
  type EditedEvent,
  findEvent,
  readForEditing,
  whyElsewhere,
} from "../../codegen/contract-editor/read-for-editing.ts";
import { hasErrors } from "../../codegen/diagnostic.ts";
import { generate } from "../../codegen/generate.ts";
import { print } from "../../codegen/print.ts";
import { readDisk } from "../../codegen/spec/read-disk.ts";
import type { Contract } from "../../codegen/spec/contract.ts";
import { OpsError } from "../error.ts";

/** A contract's text under the name that diagnostics give it. */
export interface ContractText {
  readonly file: string;
  readonly text: string;
}

/** An event in a contract that can be edited. */
export interface EventInContract {
  readonly source: ContractText;
  readonly contract: Contract;
  readonly event: EditedEvent;
}

/** An edit that was thought through and not written. */
export interface Edit {
  readonly text: string;
  readonly changes: readonly Change[];
}

/** Reads the other files that a contract refers to, which are named from where the command runs. */
export const readOtherFiles = readDisk(process.cwd());

/** @throws OpsError when the file cannot be read */
export function readContractText(file: string): ContractText {
  try {
    return { file, text: readFileSync(file, "utf8") };
  } catch (cause) {
    throw new OpsError(`${file} cannot be read. Name the contract with --contract FILE.`, { cause });
  }
}

/** @throws OpsError when the contract has errors, or no such event */
export async function openEvent(source: ContractText, asked: string): Promise<EventInContract> {
  const { contract, diagnostics, texts } = await readForEditing(source.file, source.text, readOtherFiles);
  if (contract === undefined)
    throw new OpsError(`${print(diagnostics, texts, "text")}\nThe contract has errors, so nothing was done.`);
  const event = findEvent(contract, asked);
  if (typeof event === "string") throw new OpsError(event);
  const elsewhere = whyElsewhere(contract, event);
  if (elsewhere !== undefined) throw new OpsError(elsewhere);
  return { source, contract, event };
}

/** The edit that `change` makes. Nothing is written. */
export function edited({ text }: Pick<ContractText, "text">, change: (editor: ContractEditor) => void): Edit {
  const editor = new ContractEditor(text);
  change(editor);
  return { text: editor.text, changes: editor.changes };
}

/** What keeps an edited contract from being generated: nothing, or the diagnostics as text. */
export async function faultsOf({ file }: ContractText, { text }: Edit): Promise<string | undefined> {
  const { diagnostics, texts } = await generate(file, text, { read: readOtherFiles });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return hasErrors(diagnostics) ? print(errors, texts, "text") : undefined;
}

/** Writes an edit unless it is a dry run, and says what it changes, one line each. */
export function writeEdit({ file }: ContractText, { text, changes }: Edit, dryRun: boolean): string {
  if (!dryRun) writeFileSync(file, text);
  const lines = changes.map(({ at, line, what }) => `  ${file}:${line} #${at}: ${what}`);
  return [`${dryRun ? "would change" : "changed"} ${file}`, ...lines].join("\n");
}
