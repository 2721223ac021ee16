/** The files of a contract on the disk. */
import { readText } from "../spec/read-text.ts";
import { isFile } from "./path-kind.ts";

/** The text of a file; undefined when there is none at this path. */
export async function readContractFile(path: string): Promise<string | undefined> {
  if (!(await isFile(path))) return undefined;
  try {
    return await readText(path);
  } catch (error) {
    // An editor may take it away while it is being looked at.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
