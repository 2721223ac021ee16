/** Attempts of one login on a broker, and what the server made of them. */
import { readFileSync } from "node:fs";
import { connect, nkeyAuthenticator, PermissionViolationError, type NatsConnection } from "@nats-io/transport-node";

/** A login that somebody has, by hand: it tries what no service of ours would. */
export interface Intruder {
  /** Publishes, and answers whether the server refused. */
  publish(subject: string, data?: string, reply?: string): Promise<boolean>;
  /** Subscribes, and answers whether the server refused. */
  subscribe(subject: string): Promise<boolean>;
  /** A request's answer as text; "refused" when the server refused it. */
  ask(subject: string, data?: string): Promise<string>;
  close(): Promise<void>;
}

/** Where, and as whom. Paths of files. */
export interface Login {
  readonly port: number;
  readonly ca: string;
  readonly seed: string;
  /** The prefix that this login may listen on. */
  readonly inbox: string;
}

export async function logIn({ port, ca, seed, inbox }: Login): Promise<Intruder> {
  const client = await connect({
    servers: `127.0.0.1:${port}`,
    tls: { caFile: ca },
    authenticator: nkeyAuthenticator(new TextEncoder().encode(readFileSync(seed, "utf8").trim())),
    inboxPrefix: inbox,
    reconnect: false,
  });
  const refusals = collectRefusals(client);
  const refused = async (operation: "publish" | "subscription", subject: string): Promise<boolean> => {
    // What the server has to say of a command comes before the answer to the ping behind it.
    await client.flush();
    await client.flush();
    return refusals().some((refusal) => refusal.operation === operation && refusal.subject === subject);
  };
  return {
    async publish(subject, data = "", reply) {
      client.publish(subject, data, reply === undefined ? {} : { reply });
      return refused("publish", subject);
    },
    async subscribe(subject) {
      const subscription = client.subscribe(subject, { callback: () => undefined });
      const wasRefused = await refused("subscription", subject);
      if (!wasRefused) subscription.unsubscribe();
      return wasRefused;
    },
    async ask(subject, data = "") {
      try {
        return (await client.request(subject, data, { timeout: 2_000 })).string();
      } catch (error) {
        if (isViolation(error)) return "refused";
        throw error;
      }
    },
    close: () => client.close(),
  };
}

function isViolation(error: unknown): boolean {
  return error instanceof PermissionViolationError || (error instanceof Error && isViolation(error.cause));
}

function collectRefusals(client: NatsConnection): () => readonly PermissionViolationError[] {
  const seen: PermissionViolationError[] = [];
  void (async () => {
    for await (const status of client.status()) {
      if (status.type === "error" && status.error instanceof PermissionViolationError) seen.push(status.error);
    }
  })();
  return () => seen;
}
