/** One file that two sides change: whoever edits it here, and Studio. */
import { watch } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { mergeTexts } from "./merge-texts.ts";

/** What became of a text that Studio has: the text that both sides have now, or why nothing was written. */
export type Offer =
  /** `text` is the file now. It is not the one that was offered where the file had changed in other lines. */
  | { readonly kind: "taken"; readonly text: string }
  /** The file was changed in the same lines, or nobody knows what the text was made from. */
  | { readonly kind: "conflict" }
  | { readonly kind: "gone" };

/** What happens to the file. */
export interface LiveFileEvents {
  /** Somebody else changed it. */
  changed(text: string): void;
  /** Somebody else removed it. */
  removed(): void;
  /** Studio's text was written. `isMerged`: with what somebody else had changed meanwhile. */
  written(isMerged: boolean): void;
}

/** The file, watched. */
export interface LiveFile {
  /** Its text now; undefined when it is gone. */
  take(): Promise<string | undefined>;
  /**
   * Writes the text. Where the file is no longer the one that it was made from both changes are written, or nothing is
   * when they are of the same lines: then both sides keep what they have.
   * @param base What Studio had before, undefined when that is not known.
   */
  offer(text: string, base: string | undefined): Promise<Offer>;
  /**
   * Writes the text over the file whatever that is.
   * @returns The name of the file that keeps what stood there, undefined when nothing did.
   */
  overwrite(text: string): Promise<string | undefined>;
  /** Keeps a text that is let go of in a file beside, which is new: `asyncapi.yaml.kept-1`. Returns its name. */
  keep(text: string): Promise<string>;
  close(): void;
}

/** An editor writes a file in several steps. */
const SETTLE_MS = 50;

/** Watches a file. Rejects when it cannot be read. */
export async function openLiveFile(path: string, events: LiveFileEvents): Promise<LiveFile> {
  let known: string | undefined = await readFile(path, "utf8");
  let work: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  // One after the other, so that nothing is decided on what another step is about to change.
  const inTurn = <T>(step: () => Promise<T>): Promise<T> => {
    const result = work.then(step);
    work = result.catch(() => undefined);
    return result;
  };
  const look = async (): Promise<void> => {
    const text = await readIfThere(path);
    if (text === known) return;
    known = text;
    if (text === undefined) events.removed();
    else events.changed(text);
  };
  const write = async (text: string, isMerged: boolean): Promise<void> => {
    known = text;
    await writeFile(path, text);
    events.written(isMerged);
  };

  // The folder, since many editors replace a file by another of its name.
  const watcher = watch(dirname(path), (_event, name) => {
    if (name !== null && name !== basename(path)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void inTurn(look), SETTLE_MS);
  });

  return {
    take: () => inTurn(async () => (known = await readIfThere(path))),
    offer: (text, base) =>
      inTurn(async () => {
        const present = await readIfThere(path);
        if (present === undefined) return { kind: "gone" };
        if (present !== text) {
          const merged = base === undefined ? undefined : mergeTexts(base, present, text);
          if (merged === undefined) return { kind: "conflict" };
          if (merged !== present) {
            await write(merged, present !== base);
            return { kind: "taken", text: merged };
          }
        }
        // Nothing to write, and the watcher may not have looked yet.
        if (known !== present) events.changed(present);
        known = present;
        return { kind: "taken", text: present };
      }),
    overwrite: (text) =>
      inTurn(async () => {
        const present = await readIfThere(path);
        const kept = present === undefined || present === text ? undefined : await keepBeside(path, present);
        await write(text, false);
        return kept;
      }),
    keep: (text) => keepBeside(path, text),
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function keepBeside(path: string, text: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const kept = `${path}.kept-${number}`;
    try {
      await writeFile(kept, text, { flag: "wx" });
      return basename(kept);
    } catch (error) {
      if (!hasCode(error, "EEXIST")) throw error;
    }
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
