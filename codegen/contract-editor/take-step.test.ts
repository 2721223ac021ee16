import { describe, expect, it } from "vitest";
import { readModel } from "../generate.ts";
import { CannotEdit } from "./contract-editor.ts";
import { LEADS_TO, passageIn, STAGES } from "./life.ts";
import { openVersion } from "./open-version.ts";
import { numberOf } from "./read-for-editing.ts";
import { takeStep } from "./take-step.ts";
import { changed, difference, PARCELS, readEvent } from "./tests/fixtures.ts";

const LISTED = "      - { $ref: '#/channels/parcelSent/messages/ParcelSentV1' }";

async function step(text: string, name: "next" | "back"): Promise<{ text: string; stage: string }> {
  const { event } = await readEvent(text);
  const versions = event.versions.map((use) => ({
    number: numberOf(use),
    state: use.message.version?.state ?? "current",
  }));
  const passage = passageIn({ writes: event.channel.event?.writes?.value ?? 1, versions });
  const action = passage && STAGES[passage.stage][name];
  if (passage === undefined || action === undefined) throw new Error("there is no such step");
  const edit = await changed(text, (editor, found) => takeStep(editor, found.contract, found.event, passage, action));
  const { diagnostics } = await readModel("asyncapi.yaml", edit.text);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return { text: edit.text, stage: action === "discard" ? "gone" : LEADS_TO[action] };
}

describe("a version's life", async () => {
  const draft = (await changed(PARCELS, (editor, { event }) => void openVersion(editor, event))).text;

  it("changes the lines of each step and no others, and each text is a contract", async () => {
    const dual = (await step(draft, "next")).text;
    expect(difference(draft, dual)).toEqual([
      "-    x-event: { key: /parcel_id } # the aggregate",
      "+    x-event: { key: /parcel_id, writes: v1 } # the aggregate",
      "-    messages: [{ $ref: '#/channels/parcelSent/messages/ParcelSentV1' }]",
      "+    messages:",
      `+${LISTED}`,
      `+${LISTED.replace("V1", "V2")}`,
      "-      x-version: { number: 2, state: draft }   # the only one",
      "+      x-version: { number: 2, state: current }   # the only one",
    ]);

    // The reader moves, which is its own team's edit.
    const moved = dual.replace(`${LISTED} # since 2024`, LISTED.replace("V1", "V2"));
    const flipped = (await step(moved, "next")).text;
    expect(difference(moved, flipped)).toEqual([
      "-    x-event: { key: /parcel_id, writes: v1 } # the aggregate",
      "+    x-event: { key: /parcel_id, writes: v2 } # the aggregate",
    ]);

    const deprecated = (await step(flipped, "next")).text;
    expect(difference(flipped, deprecated)).toEqual([
      "-      x-version: { number: 1, state: current }   # the only one",
      "+      x-version: { number: 1, state: deprecated }   # the only one",
    ]);

    const retired = (await step(deprecated, "next")).text;
    expect(difference(deprecated, retired)).toEqual([
      `-${LISTED}`,
      "-      x-version: { number: 1, state: deprecated }   # the only one",
      "+      x-version: { number: 1, state: retired }   # the only one",
    ]);
  });

  it("is taken back step by step", async () => {
    const dual = (await step(draft, "next")).text;
    const flipped = (await step(dual, "next")).text;
    const deprecated = (await step(flipped, "next")).text;
    expect(await step(deprecated, "back")).toEqual({ text: flipped, stage: "flipped" });
    expect(await step(flipped, "back")).toEqual({ text: dual, stage: "dual" });
    const undone = await step(dual, "back");
    expect(undone.stage).toBe("draft");
    // What was said explicitly on the way stays said: it is what holds without it.
    expect(difference(draft, undone.text).filter((line) => line.startsWith("+"))).toEqual([
      "+    x-event: { key: /parcel_id, writes: v1 } # the aggregate",
      "+    messages:",
      `+${LISTED}`,
    ]);
    expect(await step(undone.text, "back")).toMatchObject({ stage: "gone" });
  });

  it("does not leave an operation with nothing to handle", async () => {
    const dual = (await step(draft, "next")).text;
    const deprecated = (await step((await step(dual, "next")).text, "next")).text;
    await expect(step(deprecated, "next")).rejects.toThrow(/trackerHandlesParcelSent lists only ParcelSentV1/);
    await expect(step(deprecated, "next")).rejects.toThrow(CannotEdit);
  });
});
