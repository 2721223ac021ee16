/** The database side of provisioning: one role and one schema for each service, and a role that looks after all. */
import { createHmac } from "node:crypto";
import { Client } from "pg";
import { TandemError } from "../errors.ts";

/**
 * PostgreSQL's codes for "somebody else is doing the same": duplicate role, schema or catalogue row, and
 * a catalogue row that two sessions update at once.
 */
const DONE_BY_ANOTHER = new Set(["42710", "42P06", "23505", "XX000"]);

export interface ServiceDatabase {
  readonly service: string;
  /** The role that the service logs in as. */
  readonly role: string;
  /** The connection string of that role. */
  readonly url: string;
}

/** What stands as `service` beside the role that looks after every service: it is a member of all their roles. */
export const STEWARD = "steward";

/** The role of a service. Roles belong to the whole PostgreSQL cluster, hence the prefix. */
export function roleOf(service: string): string {
  return `tandem_${service}`;
}

/**
 * Makes the role and the schema of each service and answers their connection strings in the order of the services,
 * and after them that of `tandem_steward`. Idempotent, and safe when two run at once.
 *
 * A role's password is derived from the administrator's, so that every run answers the same string and
 * nothing has to be stored; an administrator without a password makes roles without one.
 *
 * @param adminUrl a connection string of a role that may create roles, naming the database to use
 * @throws `CONFIG_INVALID` when a service is called `steward`; the driver's error when the server cannot be reached or
 *   refuses
 */
export async function provisionDatabase(
  adminUrl: string,
  services: readonly string[],
): Promise<readonly ServiceDatabase[]> {
  const databases = serviceDatabases(adminUrl, services);
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    for (const database of databases) {
      await provisionRole(admin, database);
      if (database.service !== STEWARD) await provisionSchema(admin, database);
    }
    for (const service of services) {
      await unlessDone(
        admin.query(`grant ${admin.escapeIdentifier(roleOf(service))} to ${admin.escapeIdentifier(roleOf(STEWARD))}`),
      );
    }
    return databases;
  } finally {
    await admin.end();
  }
}

/**
 * What `provisionDatabase` answers, without a look at the database: who is told before the roles are made needs no
 * answer of theirs.
 *
 * @throws `CONFIG_INVALID` when a service is called `steward`
 */
export function serviceDatabases(adminUrl: string, services: readonly string[]): readonly ServiceDatabase[] {
  if (services.includes(STEWARD)) {
    throw new TandemError(
      "CONFIG_INVALID",
      `No service may be called ${STEWARD}: its role would look after all others.`,
    );
  }
  return [...services, STEWARD].map((service) => {
    const [role, url] = [roleOf(service), new URL(adminUrl)];
    url.password = passwordFor(url.password, role);
    url.username = role;
    return { service, role, url: url.href };
  });
}

async function provisionSchema(admin: Client, { service, role }: ServiceDatabase): Promise<void> {
  await unlessDone(
    admin.query(
      `create schema if not exists ${admin.escapeIdentifier(service)} authorization ${admin.escapeIdentifier(role)}`,
    ),
  );
}

async function provisionRole(admin: Client, { role, url }: ServiceDatabase): Promise<void> {
  await unlessDone(admin.query(`create role ${admin.escapeIdentifier(role)} login`));
  const { password } = new URL(url);
  if (password === "") return;
  await unlessDone(admin.query(`alter role ${admin.escapeIdentifier(role)} password ${admin.escapeLiteral(password)}`));
}

function passwordFor(adminPassword: string, role: string): string {
  if (adminPassword === "") return "";
  return createHmac("sha256", decodeURIComponent(adminPassword)).update(role).digest("base64url");
}

async function unlessDone(statement: Promise<unknown>): Promise<void> {
  try {
    await statement;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (typeof code !== "string" || !DONE_BY_ANOTHER.has(code)) throw error;
  }
}
