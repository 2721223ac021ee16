/** Key pairs that log in to NATS: the seed is the client's secret, the server knows the public key. */
import { nkeys } from "@nats-io/transport-node";

/** A new key of a user. */
export function createNkey(): { readonly seed: string; readonly publicKey: string } {
  const pair = nkeys.createUser();
  const key = { seed: new TextDecoder().decode(pair.getSeed()), publicKey: pair.getPublicKey() };
  pair.clear();
  return key;
}

/** The public key of a seed; undefined when the text is no seed of a user. */
export function publicKeyOf(seed: string): string | undefined {
  try {
    const key = nkeys.fromSeed(new TextEncoder().encode(seed.trim())).getPublicKey();
    return key.startsWith("U") ? key : undefined;
  } catch {
    return undefined;
  }
}
