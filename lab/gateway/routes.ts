/** The gateway's HTTP surface. */
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { Answer, Desk } from "./desk.ts";
import type { Amount } from "./ledger.ts";
import { parseRules } from "./rules.ts";

/** Answers one request; undefined when the gateway was told not to. Rejects when the body cannot be read. */
export async function route(request: IncomingMessage, desk: Desk): Promise<Answer> {
  const { pathname } = new URL(request.url ?? "/", "http://gateway");
  const charge = /^\/charges\/([^/]+)(\/refund)?$/.exec(pathname);
  if (charge) {
    const key = decodeURIComponent(charge[1] ?? "");
    if (charge[2] === undefined && request.method === "GET") return desk.find(key);
    if (charge[2] !== undefined && request.method === "POST") return desk.refund(key);
  }
  switch (`${request.method} ${pathname}`) {
    case "GET /health":
    case "GET /health/ready":
      return { status: 200, body: { status: "ok" } };
    case "GET /ledger":
      return { status: 200, body: { entries: desk.ledger.entries, calls: desk.calls } };
    case "GET /behaviour":
      return { status: 200, body: desk.behaviour.rules };
    case "PUT /behaviour": {
      const rules = parseRules(await readJson(request));
      if (typeof rules === "string") return refuse(rules);
      desk.behaviour.replace(rules);
      return { status: 200, body: desk.behaviour.rules };
    }
    case "POST /charges": {
      const key = request.headers["idempotency-key"];
      if (typeof key !== "string" || key === "") return refuse("Send an Idempotency-Key header.");
      const amount = await readJson(request);
      if (!isAmount(amount)) return refuse('The body must be {"amount": minor units, "currency": "EUR"}.');
      return desk.charge(key, amount);
    }
    default:
      return { status: 404, body: { error: `The gateway has no ${request.method} ${pathname}.` } };
  }
}

/** The answer to a request that makes no sense. */
export function refuse(error: string): Answer {
  return { status: 400, body: { error } };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  return JSON.parse(await text(request));
}

function isAmount(value: unknown): value is Amount {
  return (
    typeof value === "object" &&
    value !== null &&
    "amount" in value &&
    Number.isSafeInteger(value.amount) &&
    Number(value.amount) > 0 &&
    "currency" in value &&
    typeof value.currency === "string"
  );
}
