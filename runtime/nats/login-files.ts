/** The files that prove who a client is and whom it trusts, read again at each dial: that is how keys are rotated. */
import { readFileSync } from "node:fs";
import { credsAuthenticator, nkeyAuthenticator, type Authenticator, type TlsOptions } from "@nats-io/transport-node";
import { wordsOf } from "../words-of.ts";

/** Paths of files, by what they are called in a NATS URL. */
export interface LoginFiles {
  /** An nkey seed, `SU...` on a line of its own. */
  readonly nkey?: string;
  /** Credentials of a server in operator mode: a JWT and its seed. */
  readonly creds?: string;
  /** Certificates of the authorities whose servers are trusted, PEM. Without it those of Node. */
  readonly ca?: string;
  /** The client's own certificate and key, PEM, where the server asks for one. */
  readonly cert?: string;
  readonly key?: string;
}

/** The names of the files in a URL. */
export const LOGIN_FILES = ["nkey", "creds", "ca", "cert", "key"] as const satisfies (keyof LoginFiles)[];

const SEED = /^SU[A-Z2-7]{56}$/m;

/** What is wrong with the files, in sentences; without a word of what they hold. */
export function loginFilesProblems(files: LoginFiles): readonly string[] {
  const unreadable = LOGIN_FILES.flatMap((name) => {
    const path = files[name];
    if (path === undefined) return [];
    try {
      return contentProblem(name, readFileSync(path, "utf8"));
    } catch (error) {
      return [`${name}=${path} cannot be read: ${wordsOf(error)}`];
    }
  });
  const both =
    files.nkey !== undefined && files.creds !== undefined ? ["nkey= and creds= are two logins: use one"] : [];
  const half = (files.cert === undefined) !== (files.key === undefined) ? ["cert= and key= belong together"] : [];
  return [...unreadable, ...both, ...half];
}

function contentProblem(name: (typeof LOGIN_FILES)[number], text: string): readonly string[] {
  if (name === "nkey" && !SEED.test(text))
    return ["nkey= names a file without a seed of a user, SU... on a line of its own"];
  if (name === "creds" && !/-----BEGIN NATS USER JWT-----/.test(text))
    return ["creds= names a file without a user's JWT"];
  if ((name === "ca" || name === "cert") && !text.includes("-----BEGIN CERTIFICATE-----")) {
    return [`${name}= names a file without a certificate in PEM`];
  }
  return [];
}

/** Answers the server's challenge; undefined when the login is not by file. */
export function authenticatorOf({ nkey, creds }: LoginFiles): Authenticator | undefined {
  if (nkey !== undefined) return nkeyAuthenticator(rereading(nkey, (text) => SEED.exec(text)?.[0]));
  if (creds !== undefined) return credsAuthenticator(rereading(creds, (text) => text || undefined));
  return undefined;
}

/** TLS with these files; undefined when none of them is about TLS. */
export function tlsOptionsOf({ ca, cert, key }: LoginFiles): TlsOptions | undefined {
  if (ca === undefined && cert === undefined) return undefined;
  return {
    ...(ca !== undefined && { caFile: ca }),
    ...(cert !== undefined && { certFile: cert }),
    ...(key !== undefined && { keyFile: key }),
  };
}

/** The content as it is now; as it was last while it cannot be read, since a file that is replaced is away for a moment. */
function rereading(path: string, find: (text: string) => string | undefined): () => Uint8Array {
  let last = "";
  return () => {
    try {
      last = find(readFileSync(path, "utf8")) ?? last;
    } catch {
      // What was read at the last dial is still a login.
    }
    return new TextEncoder().encode(last);
  };
}
