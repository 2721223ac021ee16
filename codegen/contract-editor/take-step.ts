/** Carries one step of a version's life out in the text of a contract. The gate was asked before. */
import type { OperationSpec } from "../spec/contract.ts";
import { under, within } from "../spec/pointer.ts";
import type { Contract, MessageUse } from "../spec/contract.ts";
import { CannotEdit, type ContractEditor } from "./contract-editor.ts";
import type { Passage, Step, StepBack } from "./life.ts";
import { type EditedEvent, numberOf } from "./read-for-editing.ts";

/**
 * Edits the contract.
 * @throws CannotEdit when a place is shared with others, or an operation would be left with no version
 */
export function takeStep(
  editor: ContractEditor,
  contract: Contract,
  event: EditedEvent,
  { older, newer }: Passage,
  step: Step | StepBack,
): void {
  const [old, young] = [versionOf(event, older), versionOf(event, newer)];
  const sends = operationsOn(contract, event, "send");
  switch (step) {
    case "dual":
      // Said before the newer one is current, because the newest current one is written unless something else is said.
      setWrites(editor, event, older);
      setState(editor, young, "current");
      for (const operation of sends) list(editor, operation, old, young);
      return;
    case "undual":
      setState(editor, young, "draft");
      for (const operation of sends) unlist(editor, operation, young);
      return;
    case "flip":
      return setWrites(editor, event, newer);
    case "unflip":
      return setWrites(editor, event, older);
    case "deprecate":
      return setState(editor, old, "deprecated");
    case "undeprecate":
      return setState(editor, old, "current");
    case "retire":
      setState(editor, old, "retired");
      for (const operation of contract.operations)
        if (operation.channel === event.channel) unlist(editor, operation, old);
      return;
    case "discard":
      return discard(editor, contract, young);
  }
}

/** The operations of one kind on an event. */
export function operationsOn(
  contract: Contract,
  { channel }: EditedEvent,
  action: OperationSpec["action"],
): OperationSpec[] {
  return contract.operations.filter((operation) => operation.channel === channel && operation.action === action);
}

/** Whether an operation lists a version. */
function lists(operation: OperationSpec, number: number): boolean {
  return operation.messages.some(({ value }) => numberOf(value) === number);
}

function versionOf({ name, versions }: EditedEvent, number: number): MessageUse {
  const found = versions.find((use) => numberOf(use) === number);
  if (found === undefined) throw new CannotEdit(`${name} has no version ${number}.`);
  return found;
}

function setWrites(editor: ContractEditor, { channel }: EditedEvent, number: number): void {
  editor.set(under(channel.at, "x-event", "writes"), `v${number}`);
}

function setState(editor: ContractEditor, { message }: MessageUse, state: string): void {
  const version = message.version?.at ?? under(message.at, "x-version");
  if (!within(version, message.at)) {
    throw new CannotEdit(
      `x-version of ${message.key} stands in #${version}, which other messages share: write it in the message.`,
    );
  }
  editor.set(under(version, "state"), state, { after: "number" });
}

function list(editor: ContractEditor, operation: OperationSpec, beside: MessageUse, added: MessageUse): void {
  if (lists(operation, numberOf(added))) return;
  const sibling = operation.messages.find(({ value }) => value.at === beside.at);
  if (sibling === undefined) throw new CannotEdit(`${operation.key} does not list ${beside.key}.`);
  editor.appendLike(sibling.at, (text) => text.replaceAll(beside.key, added.key));
}

function unlist(editor: ContractEditor, operation: OperationSpec, removed: MessageUse): void {
  const listed = operation.messages.find(({ value }) => value.at === removed.at);
  if (listed === undefined) return;
  if (operation.messages.length === 1)
    throw new CannotEdit(`${operation.key} lists only ${removed.key}: let it list another version first.`);
  editor.remove(listed.at);
}

/** Removes a draft with its schema. What else refers to the schema is found by whoever checks the new text. */
function discard(editor: ContractEditor, contract: Contract, draft: MessageUse): void {
  const { message } = draft;
  const schema = message.payload?.at;
  const isShared = contract.channels
    .flatMap(({ messages }) => messages)
    .some((use) => use.message.at !== message.at && use.message.payload?.at === schema);
  editor.remove(draft.at);
  if (draft.at !== message.at) editor.remove(message.at);
  if (schema !== undefined && !within(schema, message.at) && !isShared) editor.remove(schema);
}
