/** Every secret that docker-compose.yml mounts, and who may log in to the broker. */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Surroundings } from "../../ops/command.ts";
import { keysCommand } from "../../ops/keys/command.ts";
import { permissionsCommand } from "../../ops/permissions/command.ts";

/** The names under which clients reach the nodes, inside the networks and on this machine. */
const HOSTS = ["nats-1", "nats-2", "nats-3", "localhost"];
const DATABASE = "postgres://postgres@postgres:5432/tandem";

export interface SecretsOptions {
  /** The repository. */
  readonly root: string;
  /** Where the secrets go. */
  readonly folder: string;
  readonly print: (text: string) => void;
}

/**
 * Makes what is missing; what is there stays. Answers the exit code.
 * @throws OpsError when something that is there cannot be used
 */
export async function makeSecrets({ root, folder, print }: SecretsOptions): Promise<number> {
  const surroundings: Surroundings = { env: {}, print };
  // What is written names it, and is nobody else's business than this repository's.
  const topology = relative(process.cwd(), join(root, "generated/topology.json"));
  const where = ["--secrets", folder, "--topology", topology];
  const hosts = HOSTS.flatMap((host) => ["--host", host]);
  const code = await keysCommand.run([...where, ...hosts, "--database", DATABASE, "--for-containers"], surroundings);
  if (code !== 0) return code;
  makeGrafanaPassword(join(folder, "grafana"), print);
  return permissionsCommand.run([...where, "--out", join(folder, "nats/authorization.conf")], surroundings);
}

/** As `tandem keys --for-containers` makes the others: readable for who is given it, in a folder that only its owner enters. */
function makeGrafanaPassword(folder: string, print: (text: string) => void): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "admin.password");
  if (existsSync(file)) return;
  writeFileSync(file, randomBytes(18).toString("base64url"), { flag: "wx" });
  chmodSync(file, 0o644);
  print(`made ${file}`);
}
