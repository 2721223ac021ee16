/** The folder of the keys: one file with the seed of each identity, and one with all public keys. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createNkey } from "@tandem/runtime/admin";
import { OpsError } from "../error.ts";
import type { PublicKeys } from "../permissions/server-config.ts";

/** May be shared: it holds no secret. */
const PUBLIC_KEYS = "public-keys.json";
const OWNER_ONLY = 0o600;

/** Where the seed of an identity is. */
export function seedFile(folder: string, identity: string): string {
  return join(folder, `${identity}.nk`);
}

/**
 * The public keys by identity.
 * @throws OpsError when there are none, or the file is not what it was written as
 */
export function readPublicKeys(folder: string): PublicKeys {
  const file = join(folder, PUBLIC_KEYS);
  if (!existsSync(file)) throw new OpsError(`There are no keys in ${folder}: \`tandem keys\` makes them.`);
  const value = parsed(readFileSync(file, "utf8"));
  if (isPublicKeys(value)) return value;
  throw new OpsError(`${file} is not a list of keys for each identity, as \`tandem keys\` writes it.`);
}

/** Makes a key for each identity that has none, and answers those. A seed that is there is never overwritten. */
export function makeMissingKeys(folder: string, identities: readonly string[]): readonly string[] {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const known = existsSync(join(folder, PUBLIC_KEYS)) ? readPublicKeys(folder) : {};
  const missing = identities.filter((identity) => (known[identity] ?? []).length === 0);
  const made = missing.map((identity) => [identity, [writeSeed(folder, identity, "wx")]] as const);
  if (made.length > 0) writePublicKeys(folder, { ...known, ...Object.fromEntries(made) });
  return missing;
}

/**
 * Replaces the key of an identity. The server has to know both until nobody logs in with the old one.
 * @throws OpsError when there is no such identity, or the last replacement was not finished
 */
export function rotateKey(folder: string, identity: string): void {
  const keys = readPublicKeys(folder);
  const [current, ...older] = keysOf(keys, identity);
  if (older.length > 0) {
    throw new OpsError(
      `${identity} has an old key still: \`tandem keys retire ${identity}\` first, once nobody uses it.`,
    );
  }
  writePublicKeys(folder, { ...keys, [identity]: [writeSeed(folder, identity, "replace"), current ?? ""] });
}

/**
 * Forgets the old key of an identity. Answers whether there was one.
 * @throws OpsError when there is no such identity
 */
export function retireKey(folder: string, identity: string): boolean {
  const keys = readPublicKeys(folder);
  const [current, ...older] = keysOf(keys, identity);
  if (older.length === 0) return false;
  writePublicKeys(folder, { ...keys, [identity]: [current ?? ""] });
  return true;
}

function keysOf(keys: PublicKeys, identity: string): readonly string[] {
  const own = Object.hasOwn(keys, identity) ? (keys[identity] ?? []) : [];
  if (own.length > 0) return own;
  throw new OpsError(`There is no key for "${identity}"; there is one for ${Object.keys(keys).join(", ")}.`);
}

/** Writes a new seed and answers its public key. In one step, so that a service which logs in now reads one of the two. */
function writeSeed(folder: string, identity: string, how: "wx" | "replace"): string {
  const { seed, publicKey } = createNkey();
  const file = seedFile(folder, identity);
  if (how === "wx") writeFileSync(file, `${seed}\n`, { mode: OWNER_ONLY, flag: "wx" });
  else {
    writeFileSync(`${file}.new`, `${seed}\n`, { mode: OWNER_ONLY });
    // Whoever could read the old one reads the new one.
    if (existsSync(file)) chmodSync(`${file}.new`, statSync(file).mode & 0o777);
    renameSync(`${file}.new`, file);
  }
  return publicKey;
}

function writePublicKeys(folder: string, keys: PublicKeys): void {
  const sorted = Object.fromEntries(Object.entries(keys).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const file = join(folder, PUBLIC_KEYS);
  writeFileSync(`${file}.new`, `${JSON.stringify(sorted, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPublicKeys(value: unknown): value is PublicKeys {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((keys) => Array.isArray(keys) && keys.every((key) => typeof key === "string"))
  );
}
