/** Reads older contracts for what they say, without judging them again. */
import { buildModel } from "../model/build.ts";
import type { Model } from "../model/model.ts";
import { readContract } from "../spec/read/read.ts";
import { onlyWhatIsRead } from "../spec/reads.ts";
import { Report } from "../spec/report.ts";
import { readSource } from "../spec/source.ts";
import type { StoredContract } from "./changes.ts";
import type { ContractText } from "./find-base.ts";

/** Older contracts, and those of them that say nothing any more. */
export interface Stored {
  readonly contracts: readonly StoredContract[];
  /** What they are called. */
  readonly unread: readonly string[];
}

/** What older contracts mean, as far as they can be read: they were judged when they were written, by the rules of then. */
export function readStored(texts: readonly (ContractText & { readonly label: string })[]): Stored {
  const read = texts.map(({ label, ...contract }) => ({ label, model: readLeniently(contract) }));
  return {
    contracts: read.flatMap(({ label, model }) => (model === undefined ? [] : [{ label, model }])),
    unread: read.flatMap(({ label, model }) => (model === undefined ? [label] : [])),
  };
}

function readLeniently({ file, text }: ContractText): Model | undefined {
  const { source, faults } = readSource(file, text);
  if (faults.length > 0) return undefined;
  const report = new Report(source);
  try {
    return buildModel(onlyWhatIsRead(readContract(source, report)), report);
  } catch {
    // What no judge has seen may have any shape.
    return undefined;
  }
}
