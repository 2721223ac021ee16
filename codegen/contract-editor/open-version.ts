/** Opens the next version of an event: a second message and schema, drafts that nothing publishes. */
import { own } from "../spec/json.ts";
import { lastToken, parent, type Pointer, under, within } from "../spec/pointer.ts";
import { propertyOf } from "../spec/properties.ts";
import type { MessageSpec } from "../spec/contract.ts";
import type { Node } from "../spec/node.ts";
import { CannotEdit, type ContractEditor } from "./contract-editor.ts";
import { type EditedEvent, numberOf } from "./read-for-editing.ts";
import { nextKey, nextText } from "./version-words.ts";

/** What was opened. */
export interface Opened {
  readonly number: number;
  /** The message's key and place. */
  readonly message: string;
  readonly at: Pointer;
  /** Where the draft's schema is edited. */
  readonly schemaAt: Pointer;
}

/**
 * Copies the newest version of an event as the next one.
 * @throws CannotEdit when the text is written so that the copy would change something else, or a name is taken
 */
export function openVersion(editor: ContractEditor, event: EditedEvent): Opened {
  const [newest] = event.versions;
  if (newest === undefined) throw new CannotEdit(`${event.name} has no version to start from.`);
  const { message } = newest;
  const number = numberOf(newest);
  const key = nextKey(message.key, number);
  const at = under(parent(message.at), key);
  refuseTaken(editor, at);
  editor.copy(message.at, key);
  if (newest.at !== message.at) {
    const use = under(parent(newest.at), key);
    refuseTaken(editor, use);
    editor.copy(newest.at, key);
    editor.set(under(use, "$ref"), `#${at}`);
  }
  for (const word of ["name", "title"]) renameIn(editor, under(at, word), number);
  setVersion(editor, at, number + 1);
  editor.set(
    under(at, "x-evolves"),
    { from: message.key, steps: [] },
    {
      after: "x-version",
      block: [`from: ${message.key}`, "steps: []"],
    },
  );
  const schemaAt = copySchema(editor, message, at, number);
  for (const index of message.examples.keys()) {
    const version = under(at, "examples", index, "payload", "version");
    if (own(message.examples[index]?.payload?.value, "version") !== undefined) editor.set(version, `v${number + 1}`);
  }
  return { number: number + 1, message: key, at, schemaAt };
}

function setVersion(editor: ContractEditor, at: Pointer, number: number): void {
  const version = under(at, "x-version");
  if (!editor.has(under(version, "number"))) {
    editor.set(version, { number, state: "draft" });
    return;
  }
  editor.set(under(version, "number"), number);
  editor.set(under(version, "state"), "draft", { after: "number" });
  // A day that was promised for the older version says nothing about this one.
  editor.remove(under(version, "sunset"));
}

/** The schema of the copy: its own when the message writes it out, else a copy of the component. */
function copySchema(editor: ContractEditor, message: MessageSpec, at: Pointer, number: number): Pointer {
  const { payload } = message;
  if (payload === undefined) throw new CannotEdit(`${message.key} has no payload to start from.`);
  const isInline = within(payload.at, message.at);
  const key = nextKey(lastToken(payload.at), number);
  const schemaAt = isInline ? at + payload.at.slice(message.at.length) : under(parent(payload.at), key);
  if (!isInline) {
    refuseTaken(editor, schemaAt);
    editor.copy(payload.at, key);
    editor.set(under(at + payload.via.slice(message.at.length), "$ref"), `#${schemaAt}`);
  }
  renameIn(editor, under(schemaAt, "title"), number);
  for (const schema of propertyOf([payload], "version").schemas) setLiteral(editor, payload, schema, schemaAt, number);
  return schemaAt;
}

function setLiteral(editor: ContractEditor, payload: Node, schema: Node, schemaAt: Pointer, number: number): void {
  const next = `v${number + 1}`;
  if (!within(schema.at, payload.at)) {
    // What says the version is shared with others: the copy says its own.
    if (!within(schema.via, payload.at)) {
      throw new CannotEdit(
        `#${schema.at} says the version for several schemas: let each schema say its own version first.`,
      );
    }
    editor.set(schemaAt + schema.via.slice(payload.at.length), { type: "string", const: next });
    return;
  }
  const at = schemaAt + schema.at.slice(payload.at.length);
  if (editor.has(under(at, "const"))) editor.set(under(at, "const"), next);
  if (editor.has(under(at, "pattern"))) editor.set(under(at, "pattern"), `^${next}$`);
  if (editor.has(under(at, "enum"))) editor.set(under(at, "enum"), [next]);
  for (const member of ["default", "title", "description"]) renameIn(editor, under(at, member), number);
  if (editor.has(under(at, "examples"))) editor.set(under(at, "examples"), [next]);
}

function renameIn(editor: ContractEditor, at: Pointer, number: number): void {
  const text = editor.value(at);
  if (typeof text === "string" && nextText(text, number) !== text) editor.set(at, nextText(text, number));
}

function refuseTaken(editor: ContractEditor, at: Pointer): void {
  if (editor.has(at)) throw new CannotEdit(`#${at} exists already, and is not a version of this event.`);
}
