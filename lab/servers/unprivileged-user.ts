import { userInfo } from "node:os";
import { LabError } from "./lab-error.ts";
import { runCommand } from "./run-command.ts";

/** A user and group of this machine, by number. */
export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

const NAMES = ["postgres", "_postgres", "nobody"] as const;

/**
 * Whom to run PostgreSQL as, since it refuses to run as root: undefined when this process is not root, and
 * otherwise the first of `postgres` and `nobody` that the machine knows. No user is ever created.
 */
export async function unprivilegedUser(): Promise<UserIds | undefined> {
  if (userInfo().uid !== 0) return undefined;
  for (const name of NAMES) {
    const ids = await idsOf(name);
    if (ids !== undefined) return ids;
  }
  throw new LabError(
    "SERVER_NOT_STARTED",
    `PostgreSQL refuses to run as root, and this machine knows none of ${NAMES.join(", ")}. Run as an ordinary user, or set DATABASE_URL.`,
  );
}

async function idsOf(name: string): Promise<UserIds | undefined> {
  try {
    const [uid, gid] = await Promise.all(["-u", "-g"].map((flag) => runCommand("id", [flag, name])));
    return { uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined;
  }
}
