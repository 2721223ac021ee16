/** A payment gateway for the laboratory: an HTTP service with its own ledger that can be told to misbehave. */
import { createServer, type ServerResponse } from "node:http";
import type { Operation, Rule } from "./behaviour.ts";
import { Desk, type Answer } from "./desk.ts";
import { Ledger, type LedgerEntry } from "./ledger.ts";
import { refuse, route } from "./routes.ts";
import { wordsOf } from "../../runtime/words-of.ts";

/** Where the gateway listens and what it remembers. */
export interface GatewayOptions {
  /** Default 0: a free port. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Keeps the ledger over restarts, as JSON lines. Default: memory only. */
  readonly ledgerFile?: string;
}

/** A running gateway. */
export interface RunningGateway {
  readonly url: string;
  /** The ledger so far. */
  readonly entries: readonly LedgerEntry[];
  /** Calls received so far, those that were never answered included. */
  readonly calls: Readonly<Record<Operation, number>>;
  /** Replaces the rules; none makes every call go well. */
  behave(...rules: readonly Rule[]): void;
  /** Cuts every connection and stops listening. */
  stop(): Promise<void>;
}

/** Starts a gateway and resolves when it listens. Rejects when it cannot listen there. */
export async function startGateway(options: GatewayOptions = {}): Promise<RunningGateway> {
  const host = options.host ?? "127.0.0.1";
  const stopping = new AbortController();
  const desk = new Desk(new Ledger(options.ledgerFile), stopping.signal);

  const server = createServer((request, response) => {
    route(request, desk).then(
      (answer) => send(response, answer),
      (error: unknown) => send(response, refuse(wordsOf(error))),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();

  return {
    url: `http://${host}:${typeof address === "object" ? address?.port : options.port}`,
    entries: desk.ledger.entries,
    calls: desk.calls,
    behave: (...rules) => desk.behaviour.replace(rules),
    stop: () =>
      new Promise((resolve) => {
        stopping.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, answer: Answer): void {
  if (!answer || response.destroyed) return;
  response.writeHead(answer.status, { "content-type": "application/json" });
  response.end(JSON.stringify(answer.body));
}
