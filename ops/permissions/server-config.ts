/** Permissions as a part of the configuration of nats-server, to be included in it. */
import { OpsError } from "../error.ts";
import type { Permissions, Subjects } from "./permissions.ts";

/** The public keys of each identity: more than one while a key is being replaced. */
export type PublicKeys = Readonly<Record<string, readonly string[]>>;

/** A key of a user, as the server knows it. */
const PUBLIC_KEY = /^U[A-Z2-7]{55}$/;

/** Every login, in one account. */
export function authorizationConfig(permissions: ReadonlyMap<string, Permissions>, keys: PublicKeys): string {
  return `authorization {\n  users = [\n${usersOf(permissions, keys).join("\n")}\n  ]\n}\n`;
}

/**
 * One line a login.
 * @throws OpsError when an identity has no key, or a key is none
 */
export function usersOf(permissions: ReadonlyMap<string, Permissions>, keys: PublicKeys): readonly string[] {
  const keyless = [...permissions.keys()].filter((identity) => (keys[identity] ?? []).length === 0);
  if (keyless.length > 0) {
    throw new OpsError(`There is no key for ${keyless.join(", ")}: \`tandem keys\` makes the ones that are missing.`);
  }
  return [...permissions].flatMap(([identity, { publish, subscribe }]) =>
    (keys[identity] ?? []).map((key) => {
      if (!PUBLIC_KEY.test(key))
        throw new OpsError(`${JSON.stringify(key)} of ${identity} is no public key of a user.`);
      return [
        `    # ${identity}`,
        `    { nkey: ${key}, permissions: {`,
        `      publish: ${subjects(publish)}`,
        `      subscribe: ${subjects(subscribe)}`,
        "    } }",
      ].join("\n");
    }),
  );
}

function subjects({ allow, deny = [] }: Subjects): string {
  const denied = deny.length === 0 ? "" : `\n        deny: ${list(deny)}`;
  return `{\n        allow: ${list(allow)}${denied}\n      }`;
}

/** One a line, quoted, because `$` begins a variable in a bare word. */
function list(values: readonly string[]): string {
  return `[\n${values.map((value) => `          ${JSON.stringify(value)}`).join("\n")}\n        ]`;
}
