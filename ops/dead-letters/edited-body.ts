/** The changed body of a letter: from a file, or from somebody's editor. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpsError } from "../error.ts";

/** @throws OpsError when the file cannot be read */
export function bodyFromFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new OpsError(`${path} cannot be read.`, { cause });
  }
}

/**
 * Opens the body in an editor. It lies in a file that only its owner may read, sensitive values included, and is gone
 * afterwards.
 *
 * @throws OpsError when the editor cannot be started, or says that it failed
 */
export function bodyFromEditor(editor: string, text: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "tandem-letter-"));
  const file = join(folder, "body.json");
  try {
    writeFileSync(file, text, { mode: 0o600 });
    // An editor may come with arguments, as `code --wait` does.
    const { status, error } = spawnSync("/bin/sh", ["-c", `${editor} "$0"`, file], { stdio: "inherit" });
    if (error !== undefined || status !== 0)
      throw new OpsError(`The editor (${editor}) failed, and nothing was done.`, { cause: error });
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
