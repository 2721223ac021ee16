import { type Change, ContractEditor } from "../contract-editor.ts";
import { type EditedEvent, findEvent, readForEditing } from "../read-for-editing.ts";
import type { Contract } from "../../spec/contract.ts";

/** A contract with one version of one event, written as people write: comments, anchors, brackets and blocks. */
export const PARCELS = `# Parcels
asyncapi: 3.0.0
x-tandem: 1
info: { title: Parcels, version: 1.0.0 } # ours
servers:
  development: { host: 'localhost:4222', protocol: nats }
x-streams:
  PARCELS: { owner: sender, maxAge: P30D, duplicateWindow: PT10M }
  DEAD: { maxAge: P30D, duplicateWindow: PT10M }

channels:
  # What the sender tells.
  parcelSent:
    address: parcels.sent.{version}
    parameters: { version: { location: $message.payload#/version } }
    messages:
      ParcelSentV1: { $ref: '#/components/messages/ParcelSentV1' }
    x-stream: PARCELS
    x-event: { key: /parcel_id } # the aggregate

  deadLetters:
    address: dead.{service}.{event}.{version}
    parameters: { service: {}, event: {}, version: {} }
    x-stream: DEAD

operations:
  senderSendsParcelSent:
    action: send
    x-service: sender
    channel: { $ref: '#/channels/parcelSent' }
    messages: [{ $ref: '#/channels/parcelSent/messages/ParcelSentV1' }]
  trackerHandlesParcelSent:
    action: receive
    x-service: tracker
    channel: { $ref: '#/channels/parcelSent' }
    messages:
      - { $ref: '#/channels/parcelSent/messages/ParcelSentV1' } # since 2024
    x-dead-letter: { channel: { $ref: '#/channels/deadLetters' } }

components:
  messages:
    ParcelSentV1:
      name: parcels.sent.v1
      title: Parcel sent, v1
      payload: { $ref: '#/components/schemas/ParcelSentV1' }
      x-version: { number: 1, state: current }   # the only one
      examples:
        - payload:
            version: v1
            parcel_id: p-1
            recipient: &ann { name: Ann, street: High St }
            items: [{ product_id: tea, quantity: 2 }]
  schemas:
    Person: { type: object, required: [name], properties: { name: { type: string }, street: { type: string } }, examples: [*ann] }
    ParcelSentV1:
      type: object
      required: [version, parcel_id, recipient, items]
      properties:
        version: { type: string, const: v1 }
        parcel_id: { type: string }
        recipient: { $ref: '#/components/schemas/Person' }
        items:
          type: array
          items:
            type: object
            required: [product_id, quantity]
            properties: { product_id: { type: string }, quantity: { type: integer } }
`;

/** The parcels as JSON. */
export async function parcelsAsJson(): Promise<string> {
  const { parse } = await import("yaml");
  const document: unknown = parse(PARCELS);
  return JSON.stringify(document, null, 2);
}

export interface ReadEvent {
  readonly contract: Contract;
  readonly event: EditedEvent;
}

/** An event of a text that has to be in order. */
export async function readEvent(text: string, asked = "parcels.sent"): Promise<ReadEvent> {
  const { contract, diagnostics } = await readForEditing("asyncapi.yaml", text);
  if (contract === undefined) throw new Error(diagnostics.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  const event = findEvent(contract, asked);
  if (typeof event === "string") throw new Error(event);
  return { contract, event };
}

/** A text after an edit of one event, and what the editor says that it changed. */
export async function changed(
  text: string,
  change: (editor: ContractEditor, found: ReadEvent) => void,
  asked?: string,
): Promise<{ readonly text: string; readonly changes: readonly Change[] }> {
  const editor = new ContractEditor(text);
  change(editor, await readEvent(text, asked));
  return { text: editor.text, changes: editor.changes };
}

/** The lines that were taken away and added, in their order, each with its sign. Everything else is the same, in the same order. */
export function difference(before: string, after: string): string[] {
  const [old, young] = [before.split("\n"), after.split("\n")];
  const lengths = old.map(() => young.map(() => 0));
  const common = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = young.length - 1; j >= 0; j--) {
      const row = lengths[i];
      if (row) row[j] = old[i] === young[j] ? common(i + 1, j + 1) + 1 : Math.max(common(i + 1, j), common(i, j + 1));
    }
  }
  const lines: string[] = [];
  for (let i = 0, j = 0; i < old.length || j < young.length;) {
    if (i < old.length && j < young.length && old[i] === young[j]) [i, j] = [i + 1, j + 1];
    else if (j >= young.length || (i < old.length && common(i + 1, j) >= common(i, j + 1))) lines.push(`-${old[i++]}`);
    else lines.push(`+${young[j++]}`);
  }
  return lines;
}
