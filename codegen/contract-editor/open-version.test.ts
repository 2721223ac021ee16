import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readModel } from "../generate.ts";
import { CannotEdit } from "./contract-editor.ts";
import { openVersion } from "./open-version.ts";
import { takeStep } from "./take-step.ts";
import { changed, difference, PARCELS, parcelsAsJson, readEvent } from "./tests/fixtures.ts";

async function opened(text: string, asked?: string): Promise<string> {
  return (await changed(text, (editor, { event }) => void openVersion(editor, event), asked)).text;
}

async function faults(text: string): Promise<string[]> {
  const { diagnostics } = await readModel("asyncapi.yaml", text);
  return diagnostics.filter(({ severity }) => severity === "error").map(({ line, message }) => `${line}: ${message}`);
}

describe("opening the next version", () => {
  it("adds a message, its schema and the line in the channel, and touches nothing else", async () => {
    const text = await opened(PARCELS);
    expect(difference(PARCELS, text)).toEqual([
      "+      ParcelSentV2: { $ref: '#/components/messages/ParcelSentV2' }",
      "+    ParcelSentV2:",
      "+      name: parcels.sent.v2",
      "+      title: Parcel sent, v2",
      "+      payload: { $ref: '#/components/schemas/ParcelSentV2' }",
      "+      x-version: { number: 2, state: draft }   # the only one",
      "+      x-evolves:",
      "+        from: ParcelSentV1",
      "+        steps: []",
      "+      examples:",
      "+        - payload:",
      "+            version: v2",
      "+            parcel_id: p-1",
      "+            recipient: *ann",
      "+            items: [{ product_id: tea, quantity: 2 }]",
      "+    ParcelSentV2:",
      "+      type: object",
      "+      required: [version, parcel_id, recipient, items]",
      "+      properties:",
      "+        version: { type: string, const: v2 }",
      "+        parcel_id: { type: string }",
      "+        recipient: { $ref: '#/components/schemas/Person' }",
      "+        items:",
      "+          type: array",
      "+          items:",
      "+            type: object",
      "+            required: [product_id, quantity]",
      "+            properties: { product_id: { type: string }, quantity: { type: integer } }",
    ]);
    expect(await faults(text)).toEqual([]);
  });

  it("keeps the contract in order, also with Windows line breaks and in JSON", async () => {
    expect(await faults(await opened(PARCELS.replaceAll("\n", "\r\n")))).toEqual([]);
    const json = await opened(await parcelsAsJson());
    expect(await faults(json)).toEqual([]);
    expect(() => JSON.parse(json)).not.toThrow();
    expect(json.split("\n")).not.toContainEqual(expect.stringMatching(/\S{200}/));
  });

  it("copies a message and a schema that stand in the channel", async () => {
    const inline = `{ payload: { type: object, required: [version, parcel_id], properties: { version: { const: v1 }, parcel_id: { type: string } } }, x-version: { number: 1 } }`;
    const whole = PARCELS.replace("{ $ref: '#/components/messages/ParcelSentV1' }", inline);
    const text = await opened(
      whole
        .replace(/    ParcelSentV1:\n      name[^]*?(?=  schemas:)/, "    Other: { payload: {} }\n")
        .replace("examples: [*ann]", ""),
    );
    expect(await faults(text)).toEqual([]);
    const { event } = await readEvent(text);
    expect(event.versions.map(({ message: { key } }) => key)).toEqual(["ParcelSentV2", "ParcelSentV1"]);
  });

  it.each([
    [
      "a pattern",
      "version: { type: string, const: v1 }",
      "version: { type: string, pattern: ^v1$ }",
      "version: { type: string, pattern: ^v2$ }",
    ],
    ["the only value", "version: { type: string, const: v1 }", "version: { enum: [v1] }", "version: { enum: [v2] }"],
  ])("says the new version where the old one was said by %s", async (_what, said, before, after) => {
    const text = await opened(PARCELS.replace(said, before));
    expect(text).toContain(after);
    expect(await faults(text)).toEqual([]);
  });

  it("gives a copy its own version where several schemas share the words for it", async () => {
    const shared = PARCELS.replace(
      "version: { type: string, const: v1 }",
      "version: { $ref: '#/components/schemas/One' }",
    ).replace("    Person:", "    One: { const: v1 }\n    Person:");
    const text = await opened(shared);
    expect(text).toContain("version: { type: string, const: v2 }");
    expect(text).toContain("    One: { const: v1 }\n");
    expect(await faults(text)).toEqual([]);
  });

  it("is refused where the name is taken", async () => {
    const taken = PARCELS.replace("    Person:", "    ParcelSentV2: { type: string }\n    Person:");
    await expect(opened(taken)).rejects.toThrow(CannotEdit);
  });
});

describe("discarding the draft", () => {
  it.each([
    ["as it is", PARCELS],
    ["with Windows line breaks", PARCELS.replaceAll("\n", "\r\n")],
  ])("gives back every byte, %s", async (_what, text) => {
    const draft = await opened(text);
    const { text: back } = await changed(draft, (editor, { contract, event }) =>
      takeStep(editor, contract, event, { older: 1, newer: 2, stage: "draft" }, "discard"),
    );
    expect(back).toBe(text);
  });
});

describe("the contract of the reference system", async () => {
  const text = await readFile(fileURLToPath(new URL("../../asyncapi.yaml", import.meta.url)), "utf8");
  const { event: orders } = await readEvent(text, "payments.refunded");

  it("takes a next version by added lines alone, and gives back every byte", async () => {
    const draft = await opened(text, orders.name);
    expect(difference(text, draft).filter((line) => line.startsWith("-"))).toEqual([]);
    expect(await faults(draft)).toEqual([]);
    const passage = { older: 1, newer: 2, stage: "draft" } as const;
    const { text: back } = await changed(
      draft,
      (editor, { contract, event }) => takeStep(editor, contract, event, passage, "discard"),
      orders.name,
    );
    expect(back).toBe(text);
  });
});
