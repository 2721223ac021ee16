/** Logins to PostgreSQL as files: the administrator's password, and the URL of each service with its own. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serviceDatabases } from "@tandem/runtime/admin";
import { OpsError } from "../error.ts";

/** What PostgreSQL's image is given when the database is made. */
const PASSWORD = "admin.password";
const ADMIN = "admin";
const OWNER_ONLY = 0o600;

/**
 * Makes the password when there is none, and writes each URL that is missing or was for another server. Answers the
 * files that it wrote.
 * @param url The administrator's, without a password
 * @throws OpsError when it is no such URL, or a service is called as the administrator's file
 */
export function makeDatabaseLogins(folder: string, url: string, services: readonly string[]): readonly string[] {
  const adminUrl = parsed(url);
  if (services.includes(ADMIN)) {
    throw new OpsError(
      `A service of the contract is called ${ADMIN}, as the administrator's file is: rename the service.`,
    );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, PASSWORD);
  const isNew = !existsSync(file);
  if (isNew) writeFileSync(file, randomBytes(32).toString("base64url"), { mode: OWNER_ONLY, flag: "wx" });
  adminUrl.password = readFileSync(file, "utf8").trim();
  const written = [{ service: ADMIN, url: adminUrl.href }, ...serviceDatabases(adminUrl.href, services)].flatMap(
    (database) => {
      const path = join(folder, `${database.service}.url`);
      return writeUnlessSame(path, `${database.url}\n`) ? [path] : [];
    },
  );
  return isNew ? [file, ...written] : written;
}

function parsed(url: string): URL {
  const value = URL.parse(url);
  const isDatabase = value !== null && /^postgres(?:ql)?:$/.test(value.protocol) && value.pathname.length > 1;
  if (!isDatabase || value.username === "") {
    throw new OpsError(
      "--database is the administrator's URL of a database: postgres://postgres@host:5432/name, without a password.",
    );
  }
  if (value.password !== "") {
    throw new OpsError("--database has a password in it: leave it out, one is made and kept in a file.");
  }
  return value;
}

/** In one step, so that nobody reads half of it. Answers whether there was anything to write. */
function writeUnlessSame(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return false;
  writeFileSync(`${file}.new`, text, { mode: OWNER_ONLY });
  renameSync(`${file}.new`, file);
  return true;
}
