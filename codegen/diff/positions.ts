/** Where changes stand in the text of the current contract. */
import type { Range } from "../diagnostic.ts";
import type { Pointer } from "../model/model.ts";
import { own } from "../spec/json.ts";
import { nodeAt } from "../spec/node.ts";
import { lastToken, parent, under } from "../spec/pointer.ts";
import { readSource } from "../spec/source.ts";

/** Where a pointer stands, `$ref`s on the way followed; the nearest place around it when there is nothing there. */
export type Locate = (at: Pointer) => Range;

/** Reads a text for the places in it. */
export function placesIn(file: string, text: string): Locate {
  const { source } = readSource(file, text);
  return (at) => {
    for (let pointer = at; pointer !== ""; pointer = parent(pointer)) {
      const around = nodeAt(source.data, parent(pointer));
      if (around === undefined || own(around.value, lastToken(pointer)) === undefined) continue;
      return source.locate(under(around.at, lastToken(pointer)), "name");
    }
    return source.locate("");
  };
}
