/** Asks the JetStream API: answers are the broker's, errors are ours, and what passes by itself is waited for. */
import { setTimeout as pause } from "node:timers/promises";
import { JetStreamApiCodes, JetStreamApiError, jetstreamManager, type JetStreamManager } from "@nats-io/jetstream";
import { ClosedConnectionError, PermissionViolationError, RequestError, TimeoutError } from "@nats-io/transport-node";
import { TandemError } from "../errors.ts";
import type { Connection } from "./connection.ts";
import { wordsOf } from "../words-of.ts";

const ENABLE = "start the server with -js, and enable JetStream for the account of this login";
const LEADER = "Start the servers of the cluster that are down; `nats server report jetstream` shows who leads";
const RETRY_MS = 200;
/** An answer that was lost with its connection never comes: ask again well before the deadline. */
const ATTEMPT_MS = 2_000;
/** A cluster that is electing its leader, or has not met all its servers: 10005, 10008, 10009. */
const ELECTING = new Set([10005, 10008, 10009]);

/** Runs commands against whatever connection there is, each until it is answered or `deadlineMs` is over. */
export class AdminCommands {
  readonly #connection: Connection;
  readonly #deadlineMs: number;

  constructor(connection: Connection, deadlineMs: number) {
    this.#connection = connection;
    this.#deadlineMs = deadlineMs;
  }

  /**
   * Runs a command that may be repeated. `what` names it in the error: `BROKER_REFUSED` with the broker's
   * words, or `BROKER_UNREACHABLE` at the deadline.
   */
  async run<T>(what: string, command: (manager: JetStreamManager) => Promise<T>): Promise<T> {
    const deadline = AbortSignal.timeout(this.#deadlineMs);
    let last: unknown = "there is no connection";
    while (!deadline.aborted) {
      const client = await this.#connection.whenConnected(deadline);
      if (client === undefined) break;
      try {
        return await command(
          await jetstreamManager(client, {
            checkAPI: false,
            timeout: Math.min(ATTEMPT_MS, this.#deadlineMs),
            apiPrefix: this.#connection.apiPrefix,
          }),
        );
      } catch (error) {
        if (!passes(error)) throw refused(what, error);
        last = error;
      }
      await pause(RETRY_MS, undefined, { signal: deadline }).catch(() => undefined);
    }
    throw new TandemError(
      "BROKER_UNREACHABLE",
      `${what}: NATS did not answer within ${this.#deadlineMs} ms; ${silence(last)}.`,
      {
        cause: last,
      },
    );
  }

  /** As `run`; undefined when the stream, durable or message that the command is about does not exist. */
  async find<T>(what: string, command: (manager: JetStreamManager) => Promise<T>): Promise<T | undefined> {
    return this.run(what, async (manager) => {
      try {
        return await command(manager);
      } catch (error) {
        if (error instanceof JetStreamApiError && MISSING.has(error.code)) return undefined;
        throw error;
      }
    });
  }
}

const MISSING = new Set<number>([
  JetStreamApiCodes.StreamNotFound,
  JetStreamApiCodes.ConsumerNotFound,
  JetStreamApiCodes.NoMessageFound,
]);

function passes(error: unknown): boolean {
  if (error instanceof JetStreamApiError) return ELECTING.has(error.code);
  if (error instanceof RequestError) return !(error.cause instanceof PermissionViolationError);
  return error instanceof TimeoutError || error instanceof ClosedConnectionError || nobodyAnswers(error);
}

function nobodyAnswers(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error instanceof RequestError && error.isNoResponders()) || nobodyAnswers(error.cause);
}

function silence(error: unknown): string {
  if (nobodyAnswers(error)) return `nobody answers for JetStream: ${ENABLE}, or wait until its cluster has a leader`;
  if (error instanceof JetStreamApiError) return `it says "${error.message}": its cluster has no leader. ${LEADER}`;
  if (error instanceof TimeoutError)
    return `no answer came: its cluster has no leader, or the server is stuck. ${LEADER}`;
  return wordsOf(error);
}

function refused(what: string, error: unknown): TandemError {
  const answer = apiErrorOf(error);
  const code = answer === undefined ? "" : ` (NATS error ${answer.code})`;
  const hint = answer?.code === JetStreamApiCodes.JetStreamNotEnabledForAccount ? `: ${ENABLE}` : "";
  return new TandemError("BROKER_REFUSED", `${what}: ${wordsOf(error)}${code}${hint}.`, { cause: error });
}

function apiErrorOf(error: unknown): JetStreamApiError | undefined {
  if (error instanceof JetStreamApiError) return error;
  return error instanceof Error ? apiErrorOf(error.cause) : undefined;
}
