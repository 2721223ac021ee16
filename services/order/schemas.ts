/** The JSON Schemas of the events, as they were generated. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../generated/schemas/json", import.meta.url));

/** The text of every schema, by the path under which it is served: its own `$id`. */
export async function readSchemas(): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(FOLDER, { recursive: true });
  const texts = await Promise.all(
    entries.filter((name) => name.endsWith(".json")).map(async (name) => readFile(join(FOLDER, name), "utf8")),
  );
  return new Map(texts.map((text) => [idOf(text), text]));
}

function idOf(text: string): string {
  const schema: unknown = JSON.parse(text);
  const id = typeof schema === "object" && schema !== null && "$id" in schema ? schema.$id : undefined;
  if (typeof id !== "string") throw new Error("A generated schema has no $id: run `npm run codegen`.");
  return id;
}
