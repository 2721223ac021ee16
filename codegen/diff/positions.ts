/** Where changes stand in the text of the current contract. */
import type { Pointer } from "../model/model.ts";
import { own } from "../spec/json.ts";
import { nodeAt } from "../spec/node.ts";
import { lastToken, parent, under } from "../spec/pointer.ts";
import type { Location } from "../spec/source.ts";
import { readFiles } from "../spec/files.ts";
import type { ContractText } from "./find-base.ts";

/** Where a pointer stands, `$ref`s on the way followed; the nearest place around it when there is nothing there. */
export type Locate = (at: Pointer) => Location;

/** Where changes are shown: the places of a contract, and the texts of its files. */
export interface Places {
  readonly locate: Locate;
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads a contract for the places in it. */
export async function placesIn({ file, text, read }: ContractText): Promise<Places> {
  const { source } = await readFiles(file, text, read);
  const locate: Locate = (at) => {
    for (let pointer = at; pointer !== ""; pointer = parent(pointer)) {
      const around = nodeAt(source.data, parent(pointer));
      if (around === undefined || own(around.value, lastToken(pointer)) === undefined) continue;
      return source.locate(under(around.at, lastToken(pointer)), "name");
    }
    return source.locate("");
  };
  return { locate, texts: source.texts };
}
