/**
 * An account for each service, and one that holds the streams.
 *
 * In one account a server checks what a login publishes and not where it asks the answer to be sent: a service that
 * may pull its own durable can have the message delivered to any subject, and a stream that listens there stores it.
 * Between accounts only what is imported arrives.
 */
import { OpsError } from "../error.ts";
import type { Topology } from "../topology.ts";
import { inboxOf, TOOLS } from "./identities.ts";
import { permissionsOf, type Permissions } from "./permissions.ts";
import { type PublicKeys, usersOf } from "./server-config.ts";

/** Begins the JetStream API in the account of a service: `api=` in its URL. */
export const BORROWED_API = "bus.API";

const OWN_API = "$JS.API";
/** The account of the streams and of the tools. */
const BUS = "BUS";

/** Every login, each service in an account of its own. */
export function accountsConfig(topology: Topology, keys: PublicKeys): string {
  const permissions = permissionsOf(topology);
  const isTool = (identity: string): boolean => Object.hasOwn(TOOLS, identity);
  const tools = new Map([...permissions].filter(([identity]) => isTool(identity)));
  const services = [...permissions].filter(([identity]) => !isTool(identity));
  const lent = services.flatMap(([service, allowed]) => lentTo(service, allowed));
  const bus = [
    "    jetstream: enabled",
    `    users = [\n${usersOf(tools, keys).join("\n")}\n    ]`,
    `    exports = [\n${exportsOf(lent).join("\n")}\n    ]`,
  ];
  const accounts = services.map(([service, allowed]) => {
    const own = lent.filter(({ to }) => to === service);
    return [
      `  ${accountOf(service)} {`,
      `    users = [\n${usersOf(new Map([[service, inOwnAccount(allowed)]]), keys).join("\n")}\n    ]`,
      `    imports = [\n${own.map(importOf).join("\n")}\n    ]`,
      "  }",
    ].join("\n");
  });
  return `accounts {\n  ${BUS} {\n${bus.join("\n")}\n  }\n${accounts.join("\n")}\n}\n`;
}

/** One subject of the bus that one service may use. */
interface Lent {
  readonly kind: "service" | "stream";
  readonly subject: string;
  readonly to: string;
}

function lentTo(service: string, { publish, subscribe }: Permissions): readonly Lent[] {
  const heard = subscribe.allow.filter((subject) => subject !== `${inboxOf(service)}.>`);
  return [
    ...publish.allow.map((subject) => ({ kind: "service", subject, to: service }) as const),
    ...heard.map((subject) => ({ kind: "stream", subject, to: service }) as const),
  ];
}

/** Each subject once, for all whom it is lent to. */
function exportsOf(lent: readonly Lent[]): readonly string[] {
  const bySubject = Map.groupBy(lent, ({ kind, subject }) => `${kind} ${subject}`);
  return [...bySubject.values()].flatMap((same) => {
    const [one] = same;
    if (one === undefined) return [];
    const accounts = same.map(({ to }) => JSON.stringify(accountOf(to))).join(", ");
    // A pull is answered by as many messages as it asked for, and by heartbeats.
    const answers = one.subject.startsWith(`${OWN_API}.CONSUMER.MSG.NEXT.`) ? ", response_type: stream" : "";
    return [`      { ${one.kind}: ${JSON.stringify(one.subject)}${answers}, accounts: [${accounts}] }`];
  });
}

function importOf({ kind, subject }: Lent): string {
  const borrowed = borrowedName(subject);
  const renamed = borrowed === subject ? "" : `, to: ${JSON.stringify(borrowed)}`;
  return `      { ${kind}: { account: ${BUS}, subject: ${JSON.stringify(subject)} }${renamed} }`;
}

/** The account has no JetStream of its own, and the client takes the API of another under another name. */
function borrowedName(subject: string): string {
  return subject.startsWith(`${OWN_API}.`) ? BORROWED_API + subject.slice(OWN_API.length) : subject;
}

function inOwnAccount({ publish, subscribe }: Permissions): Permissions {
  return { publish: { allow: publish.allow.map(borrowedName) }, subscribe };
}

function accountOf(service: string): string {
  if (service.toUpperCase() === BUS) {
    throw new OpsError(`The account ${BUS} holds the streams, and the service ${service} would have one of that name.`);
  }
  return service.toUpperCase();
}
