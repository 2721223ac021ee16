/** An authority of one's own, and certificates that it signs: for systems without another one, and for tests. */
import "reflect-metadata";
import { type webcrypto, X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate as Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const OWNER_ONLY = 0o600;
const DAY_MS = 86_400_000;
/** Clocks differ. */
const BACKDATED_MS = 3_600_000;

/** How long certificates hold, days. */
export const VALID_DAYS = { authority: 3_650, server: 825 } as const;

/** What was made. */
export interface MadeCertificates {
  readonly authority: boolean;
  readonly server: boolean;
}

/**
 * Makes the authority (`ca.pem`, `ca.key`) when there is none, and a server's certificate (`server.pem`,
 * `server.key`) when there is none, or one that does not name all of `hosts` or ends within `renewDays`.
 */
export async function makeCertificates(
  folder: string,
  hosts: readonly string[],
  { now = new Date(), renewDays = 30 }: { readonly now?: Date; readonly renewDays?: number } = {},
): Promise<MadeCertificates> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const authority = !existsSync(join(folder, "ca.pem"));
  if (authority) await makeAuthority(folder, now);
  const server = authority || !serves(join(folder, "server.pem"), hosts, new Date(now.getTime() + renewDays * DAY_MS));
  if (server) await makeServer(folder, hosts, now);
  return { authority, server };
}

function serves(file: string, hosts: readonly string[], until: Date): boolean {
  if (!existsSync(file)) return false;
  const certificate = new X509Certificate(readFileSync(file));
  const named = hosts.every((host) => (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)));
  return named && new Date(certificate.validTo) > until;
}

async function makeAuthority(folder: string, now: Date): Promise<void> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "CN=Tandem",
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(now, VALID_DAYS.authority),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await writePair(folder, "ca", certificate, keys.privateKey);
}

async function makeServer(folder: string, hosts: readonly string[], now: Date): Promise<void> {
  const authority = new Certificate(readFileSync(join(folder, "ca.pem"), "utf8"));
  const [der] = PemConverter.decode(readFileSync(join(folder, "ca.key"), "utf8"));
  const signingKey = await crypto.subtle.importKey("pkcs8", der ?? new ArrayBuffer(), ALGORITHM, false, ["sign"]);
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.create({
    subject: "CN=nats",
    issuer: authority.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    ...validity(now, VALID_DAYS.server),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create(authority),
      // The nodes of a cluster are each other's clients.
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension(
        hosts.map((value) => ({ type: isIP(value) === 0 ? ("dns" as const) : ("ip" as const), value })),
      ),
    ],
  });
  await writePair(folder, "server", certificate, keys.privateKey);
}

function validity(now: Date, days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  return {
    notBefore: new Date(now.getTime() - BACKDATED_MS),
    notAfter: new Date(now.getTime() + days * DAY_MS),
  };
}

async function writePair(
  folder: string,
  name: string,
  certificate: Certificate,
  key: webcrypto.CryptoKey,
): Promise<void> {
  const pkcs8 = PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
  writeFileSync(join(folder, `${name}.key`), `${pkcs8}\n`, { mode: OWNER_ONLY });
  writeFileSync(join(folder, `${name}.pem`), `${certificate.toString("pem")}\n`);
}
