/** The files of the repository. */
import { readdirSync } from "node:fs";

/** Folders that nobody wrote: what git ignores, git itself, and what a running test keeps in a hidden folder. */
const LEFT_OUT = /^(?:node_modules|dist|\.(?!ci$|github$).*)$/;

/**
 * Lists every file of a tree by its path from the root, with forward slashes, in a stable order. It asks
 * the disk and not git, so that it works in an unpacked archive and sees a file before it is added.
 * @param root With a final slash.
 */
export function listFiles(root: string, folder = ""): string[] {
  return readdirSync(root + folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder + entry.name;
      if (entry.isDirectory()) return LEFT_OUT.test(entry.name) ? [] : listFiles(root, `${path}/`);
      return entry.isFile() && !entry.name.endsWith(".log") ? [path] : [];
    });
}
