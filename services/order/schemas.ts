/** The JSON Schemas of the events, as they were generated. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../generated/schemas/json", import.meta.url));

/**
 * The text of every schema that says where it is served, by that path: its own `$id`. Those of the HTTP door say none:
 * nobody is sent to look for them.
 */
export async function readSchemas(): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(FOLDER, { recursive: true });
  const texts = await Promise.all(
    entries.filter((name) => name.endsWith(".json")).map(async (name) => readFile(join(FOLDER, name), "utf8")),
  );
  const schemas = texts.flatMap((text): [string, string][] => {
    const id = idOf(text);
    return id === undefined ? [] : [[id, text]];
  });
  if (schemas.length === 0) throw new Error("No generated schema has an $id: run `npm run codegen`.");
  return new Map(schemas);
}

function idOf(text: string): string | undefined {
  const schema: unknown = JSON.parse(text);
  const id = typeof schema === "object" && schema !== null && "$id" in schema ? schema.$id : undefined;
  return typeof id === "string" ? id : undefined;
}
