import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { moveReferences } from "./move-references.ts";

const v1 = { directory: "parcel-sent", number: 1, typeName: "ParcelSentV1", constName: "parcelSentV1" };
const v2 = { directory: "parcel-sent", number: 2, typeName: "ParcelSentV2", constName: "parcelSentV2" };

async function moved(text: string): Promise<string | undefined> {
  const folder = await scratchDirectory();
  await mkdir(join(folder, "deep"));
  await writeFile(join(folder, "deep", "a.ts"), text);
  const [file] = moveReferences(folder, v1, v2);
  return file?.text;
}

describe("references move", () => {
  it.each([
    [
      "of a type, and leave formatting and comments",
      `import type {  ParcelSentV1 } from "#generated/events/parcel-sent/v1.ts"; // why\nexport  type A = Pick<ParcelSentV1, "id">; // ParcelSentV1\n`,
      `import type {  ParcelSentV2 } from "#generated/events/parcel-sent/v2.ts"; // why\nexport  type A = Pick<ParcelSentV2, "id">; // ParcelSentV1\n`,
    ],
    [
      "of a constant, but not of members that are called the same",
      `import { parcelSentV1 } from "../generated/events/parcel-sent/v1.ts";\nconst x = { parcelSentV1: 1, y: parcelSentV1, z: a.parcelSentV1 };\nconst s = { parcelSentV1 };\n`,
      `import { parcelSentV2 } from "../generated/events/parcel-sent/v2.ts";\nconst x = { parcelSentV1: 1, y: parcelSentV2, z: a.parcelSentV1 };\nconst s = { parcelSentV1: parcelSentV2 };\n`,
    ],
    [
      "of an import with a name of its own",
      `import { type ParcelSentV1 as Sent } from "#generated/events/parcel-sent/v1.ts";\nlet a: Sent;\n`,
      `import { type ParcelSentV2 as Sent } from "#generated/events/parcel-sent/v2.ts";\nlet a: Sent;\n`,
    ],
  ])("%s", async (_what, before, after) => {
    expect(await moved(before)).toBe(after);
  });

  it("not of another event, another version, or in a text", async () => {
    const text = `import type { ParcelSentV1 } from "#generated/events/parcel-lost/v1.ts";\nconst s = "events/parcel-sent/v1.ts";\nlet a: ParcelSentV1;\n`;
    expect(await moved(text)).toBeUndefined();
  });

  it("in a folder that does not exist: nothing", async () => {
    expect(moveReferences(join(await scratchDirectory(), "none"), v1, v2)).toEqual([]);
  });
});
