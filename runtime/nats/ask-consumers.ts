/** Commands about durables, as a service may give them. */
import { JetStreamApiError, jetstreamManager, type ConsumerAPI } from "@nats-io/jetstream";
import { PermissionViolationError } from "@nats-io/transport-node";
import { TandemError } from "../errors.ts";
import type { Connection } from "./connection.ts";
import { wordsOf } from "../words-of.ts";

const TIMEOUT_MS = 2_000;

/**
 * Runs a command over the connection that there is.
 *
 * @param what what it is for, as the subject of a sentence
 * @throws `BROKER_REFUSED` when this login may not, `BROKER_UNREACHABLE` otherwise
 */
export async function askConsumers<R>(
  connection: Connection,
  what: string,
  command: (consumers: ConsumerAPI) => Promise<R>,
): Promise<R> {
  const client = connection.current;
  if (client === undefined) throw new TandemError("BROKER_UNREACHABLE", `${what}: there is no connection to NATS.`);
  try {
    // A service may not ask for the account, as the manager does by default.
    const { apiPrefix } = connection;
    return await command(
      (await jetstreamManager(client, { checkAPI: false, timeout: TIMEOUT_MS, apiPrefix })).consumers,
    );
  } catch (error) {
    const code = isRefusal(error) ? "BROKER_REFUSED" : "BROKER_UNREACHABLE";
    throw new TandemError(code, `${what}: ${wordsOf(error)}.`, { cause: error });
  }
}

function isRefusal(error: unknown): boolean {
  if (error instanceof PermissionViolationError) return true;
  // A durable that is missing may be back at the next window.
  return error instanceof Error && !(error instanceof JetStreamApiError) && isRefusal(error.cause);
}
