/** Reads the URLs of NATS servers: the client takes addresses only and ignores credentials in a URL. */
import { TandemError } from "../errors.ts";
import { LOGIN_FILES, loginFilesProblems, type LoginFiles } from "./login-files.ts";

/** Where to connect and as whom, in the client's own terms. */
export interface ServerAddresses {
  /** `host:port` of each server. Safe to log. */
  readonly servers: readonly string[];
  /** What the URLs say of the login and of TLS, as options of the client. */
  readonly login: {
    readonly user?: string;
    readonly pass?: string;
    readonly token?: string;
    readonly tls?: Record<string, never>;
  };
  /** Files that the login is read from. */
  readonly files: LoginFiles;
  /** Begins the subjects of all replies; undefined for `_INBOX`. */
  readonly inboxPrefix: string | undefined;
  /** Begins the subjects of the JetStream API, where another account lends it under a name of its own. */
  readonly apiPrefix: string;
}

/** The JetStream API of the own account. */
const OWN_API = "$JS.API";

const FORM = "write nats://host:4222, tls://user:password@host:4222 or tls://host:4222?nkey=FILE&ca=FILE";

/** What may stand behind the `?` of a URL. */
const PARAMETERS: ReadonlySet<string> = new Set([...LOGIN_FILES, "inbox", "api"]);

/**
 * Parses `nats://` and `tls://` URLs; one text may hold several, separated by commas. A user without a
 * password is a token, as everywhere in NATS. Behind a `?` stand the files of the login (`nkey`, `creds`, `ca`, `cert`,
 * `key`), as PostgreSQL has it in its URLs, and `inbox` and `api`, the beginnings of subjects that a narrow login
 * has of its own. Throws `CONFIG_INVALID` with every problem at once, and never with a password in it.
 */
export function parseServers(urls: readonly string[]): ServerAddresses {
  const texts = urls.flatMap((url) => url.split(",")).map((url) => url.trim());
  const problems: string[] = [];
  const parsed: URL[] = [];
  for (const text of texts.filter((one) => one !== "")) {
    const url = parseOne(text);
    if (typeof url === "string") problems.push(url);
    else parsed.push(url);
  }
  if (texts.every((text) => text === "")) problems.push(`no NATS server is named: ${FORM}`);
  const logins = new Set(parsed.filter((url) => url.username !== "").map((url) => `${url.username}:${url.password}`));
  if (logins.size > 1) problems.push("the NATS URLs name different logins: one connection has one, so use the same");
  const parameters = parametersOf(parsed, problems);
  const { inbox, api = OWN_API, ...files } = parameters;
  problems.push(...loginFilesProblems(files), ...prefixProblems({ inbox, api }));
  if (logins.size > 0 && (files.nkey ?? files.creds) !== undefined) {
    problems.push("a NATS URL has a user and a file to log in with: use one of them");
  }
  if (problems.length > 0) throw new TandemError("CONFIG_INVALID", problems.join("; "));
  return {
    servers: parsed.map(address),
    login: { ...loginOf(parsed), ...tlsOf(parsed) },
    files,
    inboxPrefix: inbox,
    apiPrefix: api,
  };
}

type Parameters = LoginFiles & { readonly inbox?: string; readonly api?: string };

/** All URLs are of one connection, so what one of them says holds for all. */
function parametersOf(urls: readonly URL[], problems: string[]): Parameters {
  const found = new Map<string, string>();
  for (const [name, value] of urls.flatMap((url) => [...url.searchParams])) {
    if (!PARAMETERS.has(name)) {
      problems.push(`a NATS URL has ?${name}=, which means nothing: there is ${[...PARAMETERS].join(", ")}`);
    } else if (value === "") problems.push(`a NATS URL has ?${name}= without a value`);
    else if ((found.get(name) ?? value) !== value)
      problems.push(`the NATS URLs name different ${name}= values: use the same`);
    else found.set(name, value);
  }
  return Object.fromEntries(found);
}

function prefixProblems(prefixes: Readonly<Record<string, string | undefined>>): readonly string[] {
  return Object.entries(prefixes).flatMap(([name, prefix]) =>
    prefix === undefined || /^[^\s.*>]+(?:\.[^\s.*>]+)*$/.test(prefix)
      ? []
      : [`${name}= is the beginning of subjects: tokens joined by dots, without spaces, * or >`],
  );
}

function parseOne(text: string): URL | string {
  const shown = text.replace(/\/\/.*@/, "//***@");
  let url: URL;
  try {
    url = new URL(text.includes("://") ? text : `nats://${text}`);
    decodeURIComponent(url.username + url.password);
  } catch {
    return `"${shown}" is not a URL: ${FORM} (special characters of a password percent-encoded)`;
  }
  if (url.protocol !== "nats:" && url.protocol !== "tls:") {
    return `"${shown}" has the scheme ${url.protocol.slice(0, -1)}: ${FORM}`;
  }
  if (url.hostname === "") return `"${shown}" names no host: ${FORM}`;
  if (url.pathname.length > 1 || url.hash !== "") {
    return `"${shown}" has something after the port: ${FORM}`;
  }
  return url;
}

function address(url: URL): string {
  return `${url.hostname}:${url.port || "4222"}`;
}

function loginOf(urls: readonly URL[]): ServerAddresses["login"] {
  const url = urls.find((one) => one.username !== "");
  if (url === undefined) return {};
  const user = decodeURIComponent(url.username);
  return url.password === "" ? { token: user } : { user, pass: decodeURIComponent(url.password) };
}

function tlsOf(urls: readonly URL[]): ServerAddresses["login"] {
  // An empty object demands TLS; one tls:// URL is enough, since all servers share one login.
  return urls.some((url) => url.protocol === "tls:") ? { tls: {} } : {};
}
