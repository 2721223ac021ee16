/** Who may read the secrets where containers are given them. */
import { chmodSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Signs certificates, and no server needs it. */
const AUTHORITY_KEY = "ca.key";

/**
 * Lets anybody read a file who is given it, and nobody but the owner enter the folders. A container runs as a user of its
 * own, whose number the owner of the files may neither know nor be allowed to give files to; it has none of the folder
 * but the files that are mounted into it.
 * @param secrets The folder that `tandem keys` makes its folders in
 */
export function openForContainers(secrets: string): void {
  chmodSync(secrets, 0o700);
  for (const folder of ["nats", "tls", "postgres"].map((name) => join(secrets, name))) {
    if (!existsSync(folder)) continue;
    chmodSync(folder, 0o700);
    for (const file of readdirSync(folder)) chmodSync(join(folder, file), file === AUTHORITY_KEY ? 0o600 : 0o644);
  }
}
