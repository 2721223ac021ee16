/** Saves of files, however an editor goes about it: written in place, renamed over, removed and made anew. */
import { existsSync, type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Milliseconds without another event, after which a save counts as whole. */
const QUIET = 5;

/** Watches the folders that files are in, since a file that is renamed over is another one. */
export class Saves {
  readonly #watchers = new Map<string, FSWatcher>();
  #paths: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;
  #happened = Promise.withResolvers<void>();
  #isStopped = false;

  /** Says which files count from now on, by their absolute paths; they need not be there. */
  watch(paths: Iterable<string>): void {
    // A turn that is given up may still say what it has read.
    if (this.#isStopped) return;
    this.#paths = new Set(paths);
    const folders = new Set([...this.#paths].map((path) => existing(dirname(path))));
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) this.#watchFolder(folder);
  }

  /** Resolves after the next save. What happened since the last one was asked for counts. */
  async next(told: AbortSignal): Promise<void> {
    const { promise, resolve } = this.#happened;
    told.addEventListener("abort", () => resolve(), { once: true });
    if (told.aborted) resolve();
    await promise;
    this.#happened = Promise.withResolvers<void>();
  }

  /** Counts as a save, after so many milliseconds without another one. */
  note(quiet = QUIET): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => this.#happened.resolve(), quiet);
  }

  /** Ends it: nothing that is said or saved afterwards counts. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
  }

  #watchFolder(folder: string): void {
    if (this.#watchers.has(folder)) return;
    const watcher = watch(folder, (_, name) => {
      const counts = name === null || [...this.#paths].some((path) => concerns(folder, name, path));
      if (counts) this.note();
    });
    watcher.on("error", () => {
      // The folder itself is gone; whoever looks next watches what is above it.
      watcher.close();
      this.#watchers.delete(folder);
      this.note();
    });
    this.#watchers.set(folder, watcher);
  }
}

/** Whether an entry of a folder is a file, or a folder that it would be in. */
function concerns(folder: string, name: string, path: string): boolean {
  if (dirname(path) === folder) return basename(path) === name;
  return path.startsWith(`${folder}/${name}/`) || path.startsWith(`${folder}\\${name}\\`);
}

/** The nearest folder at or above one that is there. */
function existing(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : existing(dirname(folder));
}
