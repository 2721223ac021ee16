/** Reads older contracts for what they say, without judging them again. */
import { buildModel } from "../model/build.ts";
import type { Model } from "../model/model.ts";
import { readFiles } from "../spec/files.ts";
import { readContract } from "../spec/read/read.ts";
import { onlyWhatIsRead } from "../spec/reads.ts";
import { Report } from "../spec/report.ts";

import type { StoredContract } from "./changes.ts";
import type { ContractText } from "./find-base.ts";

/** Older contracts, and those of them that say nothing any more. */
export interface Stored {
  readonly contracts: readonly StoredContract[];
  /** What they are called. */
  readonly unread: readonly string[];
}

/** What older contracts mean, as far as they can be read: they were judged when they were written, by the rules of then. */
export async function readStored(texts: readonly (ContractText & { readonly label: string })[]): Promise<Stored> {
  const read = await Promise.all(
    texts.map(async ({ label, ...contract }) => ({ label, model: await readLeniently(contract) })),
  );
  return {
    contracts: read.flatMap(({ label, model }) => (model === undefined ? [] : [{ label, model }])),
    unread: read.flatMap(({ label, model }) => (model === undefined ? [label] : [])),
  };
}

async function readLeniently({ file, text, read }: ContractText): Promise<Model | undefined> {
  const { source, faults } = await readFiles(file, text, read);
  if (faults.length > 0) return undefined;
  const report = new Report(source);
  try {
    return buildModel(onlyWhatIsRead(readContract(source, report)), report);
  } catch {
    // What no judge has seen may have any shape.
    return undefined;
  }
}
