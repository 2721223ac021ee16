/** Writes the steps of an open draft that its schema and the one before it give away. */
import { isDeepStrictEqual } from "node:util";
import { isObject, own } from "../spec/json.ts";
import { under } from "../spec/pointer.ts";
import { CannotEdit, type ContractEditor } from "./contract-editor.ts";
import type { Inference } from "./infer/inference.ts";
import { inferSteps } from "./infer/infer-steps.ts";
import { raiseExample } from "./raise-example.ts";
import { type EditedEvent, numberOf } from "./read-for-editing.ts";
import { writeEvolution } from "./write-evolution.ts";

/**
 * Infers the steps of the newest version, without writing them.
 * @throws CannotEdit when the event has no draft
 */
export function inferDraft({ name, versions }: EditedEvent): Inference {
  const [draft, before] = versions;
  if (draft === undefined || before === undefined || draft.message.version?.state !== "draft") {
    throw new CannotEdit(`${name} has no draft to infer steps for: open one with tandem evolve open ${name}.`);
  }
  const [newer, older] = [draft.message.payload, before.message.payload];
  if (newer === undefined || older === undefined) throw new CannotEdit(`A version of ${name} has no schema.`);
  return inferSteps(older, newer, { older: `v${numberOf(before)}`, newer: `v${numberOf(draft)}` });
}

/** Whether somebody wrote steps for the draft already. */
export function hasSteps({ versions }: EditedEvent): boolean {
  return (versions[0]?.message.evolution?.steps.length ?? 0) > 0;
}

/** Writes inferred steps into the draft, over those that are there, and brings examples along that nobody edited yet. */
export function writeInference(editor: ContractEditor, { versions }: EditedEvent, inference: Inference): void {
  const [draft, before] = versions;
  if (draft === undefined || before === undefined) return;
  const { value, block } = writeEvolution(before.message.key, inference);
  editor.set(under(draft.message.at, "x-evolves"), value, { after: "x-version", block });
  for (const [index, example] of draft.message.examples.entries()) {
    const old = before.message.examples[index]?.payload?.value;
    const now = example.payload?.value;
    if (!isObject(old) || !isDeepStrictEqual(now, { ...old, version: own(now, "version") })) continue;
    const raised = raiseExample(now, inference.steps);
    if (raised === undefined || isDeepStrictEqual(raised, now)) continue;
    rewriteMembers(editor, under(draft.message.at, "examples", index, "payload"), now, raised);
  }
}

/** Changes what is different and leaves the rest as it is written. */
function rewriteMembers(editor: ContractEditor, at: string, now: unknown, raised: unknown): void {
  const [before, after] = [isObject(now) ? now : {}, isObject(raised) ? raised : {}];
  let previous: string | undefined;
  for (const [name, value] of Object.entries(after)) {
    if (!isDeepStrictEqual(before[name], value) || !Object.hasOwn(before, name)) {
      editor.set(under(at, name), value, previous === undefined ? {} : { after: previous });
    }
    previous = name;
  }
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) editor.remove(under(at, name));
}
