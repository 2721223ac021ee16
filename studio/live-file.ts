/** One file that two sides change: whoever edits it here, and Studio. */
import { watch } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";

/** What became of a text that Studio has. */
export type Offer = "written" | "same" | "conflict";

/** What happens to the file. */
export interface LiveFileEvents {
  /** Somebody else changed it. */
  changed(text: string): void;
  /** Somebody else removed it. */
  removed(): void;
  /** Studio's text was written. */
  written(text: string): void;
  /** Whether Studio has a text that was not written, because the file had become another. */
  conflict(isOne: boolean): void;
}

/** The file, watched. */
export interface LiveFile {
  /** Its text now; undefined when it is gone. A text of Studio's that was refused is given up. */
  take(): Promise<string | undefined>;
  /**
   * Writes the text, unless the file is no longer the one that it was made from: then nothing is written, and both
   * sides keep what they have.
   * @param base What Studio had before, undefined when that is not known.
   */
  offer(text: string, base: string | undefined): Promise<Offer>;
  /** Writes the text that was refused over the file. False when there is none. */
  overwrite(): Promise<boolean>;
  close(): void;
}

/** An editor writes a file in several steps. */
const SETTLE_MS = 50;

/** Watches a file. Rejects when it cannot be read. */
export async function openLiveFile(path: string, events: LiveFileEvents): Promise<LiveFile> {
  let known: string | undefined = await readFile(path, "utf8");
  let refused: string | undefined;
  let work: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  // One after the other, so that nothing is decided on what another step is about to change.
  const inTurn = <T>(step: () => Promise<T>): Promise<T> => {
    const result = work.then(step);
    work = result.catch(() => undefined);
    return result;
  };
  const refuse = (text: string | undefined): void => {
    const before = refused !== undefined;
    refused = text;
    if (before !== (text !== undefined)) events.conflict(text !== undefined);
  };
  const write = async (text: string): Promise<void> => {
    known = text;
    await writeFile(path, text);
    refuse(undefined);
    events.written(text);
  };
  const look = async (): Promise<void> => {
    const text = await readIfThere(path);
    if (text === known) return;
    known = text;
    if (text === refused) refuse(undefined);
    // Studio's own text, which is nowhere else, is not replaced in Studio.
    if (refused !== undefined) return;
    if (text === undefined) events.removed();
    else events.changed(text);
  };

  // The folder, since many editors replace a file by another of its name.
  const watcher = watch(dirname(path), (_event, name) => {
    if (name !== null && name !== basename(path)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void inTurn(look), SETTLE_MS);
  });

  return {
    take: () =>
      inTurn(async () => {
        known = await readIfThere(path);
        refuse(undefined);
        return known;
      }),
    offer: (text, base) =>
      inTurn(async () => {
        const present = await readIfThere(path);
        if (present === text) {
          known = text;
          refuse(undefined);
          return "same";
        }
        if (present === undefined || present !== base) {
          refuse(text);
          return "conflict";
        }
        await write(text);
        return "written";
      }),
    overwrite: () =>
      inTurn(async () => {
        if (refused === undefined) return false;
        await write(refused);
        return true;
      }),
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
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
