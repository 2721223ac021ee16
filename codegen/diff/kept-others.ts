/** What a contract was generated from of other teams' documents, as `others.json` keeps it. */
import { posix } from "node:path";
import { isObject, own } from "../spec/json.ts";

/** The formats of the file that are read. */
const FORMAT = 1;

/**
 * The kept documents as texts, by the path that a reader of the contract's files asks for; none when the text is no
 * such file.
 * @param contract The contract's file, as it is named to whoever reads it.
 */
export function keptOthers(text: string | undefined, contract: string): ReadonlyMap<string, string> {
  const kept = parsed(text ?? "");
  const files = own(kept, "format") === FORMAT ? own(kept, "files") : undefined;
  if (!isObject(files)) return new Map();
  return new Map(
    Object.entries(files).map(([file, data]) => {
      const path = posix.isAbsolute(file) ? file : posix.join(posix.dirname(contract), file);
      return [path, JSON.stringify(data, undefined, 2)];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
