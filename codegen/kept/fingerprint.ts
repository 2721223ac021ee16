/** What this generator is made of, as one word: another generator's results are of no use. */
import { createHash, type Hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Folders and files of the package that make no difference to what it generates. */
const LEFT_OUT = /^(?:node_modules|testdata|testing|tests|README\.md|THIRD-PARTY\.md)$|\.test\.ts$/;

let known: string | undefined;

/** SHA-256 in hex of the package that this module is in, with the versions that it asks for, and of Node's version. */
export function fingerprint(): string {
  known ??= read();
  return known;
}

function read(): string {
  const hash = createHash("sha256").update(process.version);
  addFolder(hash, packageOf(import.meta.dirname), "");
  return hash.digest("hex");
}

/** SHA-256 of a text, in hex. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function packageOf(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const above = dirname(folder);
  return above === folder ? import.meta.dirname : packageOf(above);
}

function addFolder(hash: Hash, root: string, path: string): void {
  const entries = readdirSync(join(root, path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (LEFT_OUT.test(entry.name)) continue;
    const inside = `${path}/${entry.name}`;
    if (entry.isDirectory()) addFolder(hash, root, inside);
    else hash.update(`\0${inside}\0`).update(readFileSync(join(root, inside)));
  }
}
