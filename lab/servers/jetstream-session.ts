import { jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { parseServers } from "../../runtime/nats/server-addresses.ts";

/** A short connection to a NATS server, for looking at it. */
export interface JetStreamSession {
  readonly connection: NatsConnection;
  /** Rejects when the server, or the account of the login, has no JetStream. */
  jetstream(): Promise<JetStreamManager>;
}

/** Connects once, with the login that the URL holds, and closes the connection when the work is done. Never reconnects. */
export async function withJetStream<T>(url: string, work: (session: JetStreamSession) => Promise<T>): Promise<T> {
  const { servers, login } = parseServers([url]);
  const connection = await connect({
    servers: [...servers],
    ...login,
    name: "tandem-lab",
    timeout: 3_000,
    reconnect: false,
  });
  try {
    return await work({ connection, jetstream: () => jetstreamManager(connection, { timeout: 3_000 }) });
  } finally {
    await connection.close();
  }
}
